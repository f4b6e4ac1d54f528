using TorchSharp.Modules;
using Workbench.Training.Tabular;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// Standardised numbers and an embedding a categorical column, side by side, through a multilayer perceptron
/// (Linear, LayerNorm, ReLU, Dropout a hidden layer) to the outputs. B batch, D numeric inputs, K categorical columns,
/// E the sum of the embeddings' widths, O outputs.
/// </summary>
public sealed class TabularNetwork : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>K embeddings; row 0 of each is the bucket of the unseen and the missing, and starts at zero.</summary>
    public ModuleList<Embedding> Embeddings { get; }

    /// <summary>The perceptron from [B × (D + E)] to [B × O].</summary>
    public Sequential Layers { get; }

    /// <summary>Builds a network with random weights from libtorch's generator.</summary>
    /// <param name="numericColumns">D.</param>
    /// <param name="codes">[K] number of codes a categorical column, bucket 0 included.</param>
    /// <param name="options">Widths and dropout.</param>
    /// <param name="outputs">O; default 1.</param>
    public TabularNetwork(int numericColumns, IReadOnlyList<int> codes, TabularTrainingOptions options, int outputs = 1) : base(nameof(TabularNetwork))
    {
        Embeddings = nn.ModuleList(codes.Select(count => TabularEmbeddings.Create(count, options.EmbeddingSizeFor(count))).ToArray());
        Layers = nn.Sequential(LayersFor(numericColumns + codes.Sum(options.EmbeddingSizeFor), outputs, options));
        register_module("embeddings", Embeddings);
        register_module("layers", Layers);
    }

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
        var layers = new List<nn.Module<Tensor, Tensor>>();
        foreach (int width in options.Architecture == TabularArchitecture.Linear ? [] : options.HiddenSizes)
        {
            layers.AddRange([nn.Linear(inputs, width), nn.LayerNorm(width), nn.ReLU(), nn.Dropout(options.Dropout)]);
            inputs = width;
        }
        layers.Add(nn.Linear(inputs, outputs));
        return layers.Select((layer, index) => ($"{index}", layer)).ToList();
    }
}
