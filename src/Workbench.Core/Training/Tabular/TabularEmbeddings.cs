using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Training.Tabular;

/// <summary>An embedding a categorical column, and their place beside the numbers.</summary>
internal static class TabularEmbeddings
{
    /// <summary>One of <paramref name="codes"/> rows; row 0, the bucket of the unseen and the missing, starts at zero.</summary>
    public static Embedding Create(int codes, int width)
    {
        var embedding = nn.Embedding(codes, width);
        using var gradients = no_grad();
        using var bucket = embedding.weight!.select(0, 0);   // an embedding always has a weight
        nn.init.zeros_(bucket);
        return embedding;
    }

    /// <summary>Numbers and embeddings side by side: [B × D] and [B × K] to [B × (D + E)].</summary>
    public static Tensor Beside(Tensor numeric, Tensor codes, ModuleList<Embedding> embeddings)
    {
        var parts = new List<Tensor> { numeric };                                    // [B, D]
        for (int column = 0; column < embeddings.Count; column++)
            parts.Add(embeddings[column].forward(codes.select(1, column)));          // [B, E_k]
        return cat(parts, 1);                                                        // [B, D + E]
    }
}
