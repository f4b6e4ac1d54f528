using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Rows that go through a network together, as tensors whose first dimension is the row. Disposing frees the tensors.</summary>
public sealed class Batch : IDisposable
{
    private readonly IReadOnlyList<Tensor> _tensors;

    /// <summary>A batch of one or more tensors with equally many rows.</summary>
    /// <param name="tensors">Inputs and targets in an order that the loss knows.</param>
    /// <param name="weight">
    /// What the batch's mean loss is the mean of: rows (the default), or target tokens of a language model. Batches of one
    /// optimizer step are averaged by it, so that accumulation equals one large batch.
    /// </param>
    /// <exception cref="ArgumentException">There is no tensor, one has no dimension, they differ in rows, or the weight is not positive.</exception>
    public Batch(IReadOnlyList<Tensor> tensors, double? weight = null)
    {
        if (tensors.Count == 0 || tensors.Any(tensor => tensor.dim() == 0) || tensors.Select(tensor => tensor.shape[0]).Distinct().Count() > 1)
            throw new ArgumentException(
                $"A batch takes tensors with equally many rows; got [{string.Join("], [", tensors.Select(tensor => string.Join(", ", tensor.shape)))}].", nameof(tensors));
        _tensors = tensors;
        Rows = tensors[0].shape[0];
        Weight = weight ?? Rows;
        if (!(Weight > 0))
            throw new ArgumentException($"A batch of {Rows} rows has the weight {Weight}; it must be greater than 0. Leave empty batches out.", nameof(weight));
    }

    /// <summary>Tensor <paramref name="index"/>, from 0.</summary>
    public Tensor this[int index] => _tensors[index];

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>Number of rows.</summary>
    public long Rows { get; }

    /// <summary>What its mean loss counts for among the batches of a step.</summary>
    public double Weight { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors)
            tensor.Dispose();
    }
}
