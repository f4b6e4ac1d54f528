using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// Standardised numbers and an embedding a categorical column, side by side, through a multilayer perceptron
/// (Linear, LayerNorm, ReLU, Dropout a hidden layer) to one logit. B batch, D numeric columns, K categorical columns,
/// E the sum of the embeddings' widths.
/// </summary>
public sealed class TabularNetwork : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>K embeddings; row 0 of each is the bucket of the unseen and the missing, and starts at zero.</summary>
    public ModuleList<Embedding> Embeddings { get; }

    /// <summary>The perceptron from [B × (D + E)] to [B × 1].</summary>
    public Sequential Layers { get; }

    /// <summary>Builds a network with random weights from libtorch's generator.</summary>
    /// <param name="numericColumns">D.</param>
    /// <param name="codes">[K] number of codes a categorical column, bucket 0 included.</param>
    /// <param name="options">Widths and dropout.</param>
    public TabularNetwork(int numericColumns, IReadOnlyList<int> codes, TabularTrainingOptions options) : base(nameof(TabularNetwork))
    {
        Embeddings = nn.ModuleList(codes.Select(count => EmbeddingFor(count, options)).ToArray());
        Layers = nn.Sequential(LayersFor(numericColumns + codes.Sum(options.EmbeddingSizeFor), options));
        register_module("embeddings", Embeddings);
        register_module("layers", Layers);
    }

    /// <summary>Logits.</summary>
    /// <param name="numeric">[B × D] standardised numbers.</param>
    /// <param name="codes">[B × K] int64 category codes.</param>
    /// <returns>[B × 1].</returns>
    public override Tensor forward(Tensor numeric, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor> { numeric };                                    // [B, D]
        for (int column = 0; column < Embeddings.Count; column++)
            parts.Add(Embeddings[column].forward(codes.select(1, column)));          // [B, E_k]
        return Layers.forward(cat(parts, 1)).MoveToOuterDisposeScope();              // [B, D + E] -> [B, 1]
    }

    private static Embedding EmbeddingFor(int codes, TabularTrainingOptions options)
    {
        var embedding = nn.Embedding(codes, options.EmbeddingSizeFor(codes));
        using var gradients = no_grad();
        using var bucket = embedding.weight!.select(0, 0);   // an embedding always has a weight
        nn.init.zeros_(bucket);
        return embedding;
    }

    private static List<(string, nn.Module<Tensor, Tensor>)> LayersFor(int inputs, TabularTrainingOptions options)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        foreach (int width in options.HiddenSizes)
        {
            layers.AddRange([nn.Linear(inputs, width), nn.LayerNorm(width), nn.ReLU(), nn.Dropout(options.Dropout)]);
            inputs = width;
        }
        layers.Add(nn.Linear(inputs, 1));
        return layers.Select((layer, index) => ($"{index}", layer)).ToList();
    }
}
