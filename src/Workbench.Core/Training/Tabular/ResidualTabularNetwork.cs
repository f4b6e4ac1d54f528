using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Training.Tabular;

/// <summary>
/// Standardised numbers and embeddings, side by side, through a linear layer and residual blocks to the outputs: the
/// ResNet of Gorishniy et al. 2021 ("Revisiting Deep Learning Models for Tabular Data", section 3.2), with layer in place
/// of batch normalisation. B batch, D numeric inputs, K categorical columns, E the sum of the embeddings' widths, W width,
/// O outputs.
/// </summary>
public sealed class ResidualTabularNetwork : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Builds a network with random weights from libtorch's generator.</summary>
    /// <param name="numericColumns">D.</param>
    /// <param name="codes">[K] number of codes a categorical column, bucket 0 included.</param>
    /// <param name="options">Width, blocks and dropout.</param>
    /// <param name="outputs">O.</param>
    public ResidualTabularNetwork(int numericColumns, IReadOnlyList<int> codes, TabularTrainingOptions options, int outputs) : base(nameof(ResidualTabularNetwork))
    {
        Embeddings = nn.ModuleList(codes.Select(count => TabularEmbeddings.Create(count, options.EmbeddingSizeFor(count))).ToArray());
        Layers = nn.Sequential(LayersFor(numericColumns + codes.Sum(options.EmbeddingSizeFor), outputs, options));
        register_module("embeddings", Embeddings);
        register_module("layers", Layers);
    }

    /// <summary>K embeddings; row 0 of each is the bucket of the unseen and the missing, and starts at zero.</summary>
    public ModuleList<Embedding> Embeddings { get; }

    /// <summary>From [B × (D + E)] to [B × O].</summary>
    public Sequential Layers { get; }

    /// <summary>Logits, or values of a regression.</summary>
    /// <param name="numeric">[B × D] standardised numbers.</param>
    /// <param name="codes">[B × K] int64 category codes.</param>
    /// <returns>[B × O].</returns>
    public override Tensor forward(Tensor numeric, Tensor codes)
    {
        using var scope = NewDisposeScope();
        return Layers.forward(TabularEmbeddings.Beside(numeric, codes, Embeddings)).MoveToOuterDisposeScope();   // [B, D + E] -> [B, O]
    }

    private static List<(string, nn.Module<Tensor, Tensor>)> LayersFor(int inputs, int outputs, TabularTrainingOptions options)
    {
        List<nn.Module<Tensor, Tensor>> layers =
        [
            nn.Linear(inputs, options.Width),
            .. Enumerable.Range(0, options.Blocks).Select(_ => new ResidualBlock(options.Width, options.Dropout)),
            nn.LayerNorm(options.Width), nn.ReLU(), nn.Linear(options.Width, outputs),
        ];
        return layers.Select((layer, index) => ($"{index}", layer)).ToList();
    }
}
