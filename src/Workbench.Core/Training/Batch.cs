using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Rows that go through a network together, as tensors whose first dimension is the row. Disposing frees the tensors.</summary>
public sealed class Batch : IDisposable
{
    private readonly IReadOnlyList<Tensor> _tensors;
    private readonly IReadOnlyList<double>? _rowWeights;
    private readonly bool _hasOwnWeight;
    private readonly long _first;   // place in the batch of the first row that the tensors hold

    /// <summary>A batch of one or more tensors with equally many rows.</summary>
    /// <param name="tensors">Inputs and targets in an order that the loss knows.</param>
    /// <param name="weight">
    /// What the batch's mean loss is the mean of: rows (the default), or target tokens of a language model. Batches of one
    /// optimizer step are averaged by it, so that accumulation equals one large batch.
    /// </param>
    /// <param name="rowWeights">The weight of each row, whose sum is the batch's: for a batch with a weight of its own that is to be cut into parts, as several ranks do. Not together with <paramref name="weight"/>.</param>
    /// <exception cref="ArgumentException">There is no tensor, one has no dimension, they differ in rows, or the weight is not positive.</exception>
    public Batch(IReadOnlyList<Tensor> tensors, double? weight = null, IReadOnlyList<double>? rowWeights = null)
    {
        if (tensors.Count == 0 || tensors.Any(tensor => tensor.dim() == 0) || tensors.Select(tensor => tensor.shape[0]).Distinct().Count() > 1)
            throw new ArgumentException(
                $"A batch takes tensors with equally many rows; got [{string.Join("], [", tensors.Select(tensor => string.Join(", ", tensor.shape)))}].", nameof(tensors));
        _tensors = tensors;
        Rows = tensors[0].shape[0];
        if (rowWeights is not null && (weight is not null || rowWeights.Count != Rows))
            throw new ArgumentException($"A batch of {Rows} rows takes one weight, or {Rows} row weights; got {rowWeights.Count} row weights{(weight is null ? "" : " and a weight")}.", nameof(rowWeights));
        _rowWeights = rowWeights;
        _hasOwnWeight = weight is not null;
        Weight = weight ?? rowWeights?.Sum() ?? Rows;
        if (!(Weight > 0))
            throw new ArgumentException($"A batch of {Rows} rows has the weight {Weight}; it must be greater than 0. Leave empty batches out.", nameof(weight));
    }

    /// <summary>A batch of which only a share is held.</summary>
    internal Batch(IReadOnlyList<Tensor> held, BatchShare share) : this(held) => (Rows, Weight, _first) = (share.Rows, share.Rows, share.First);

    /// <summary>Tensor <paramref name="index"/>, from 0.</summary>
    public Tensor this[int index] => _tensors[index];

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>Number of rows.</summary>
    public long Rows { get; }

    /// <summary>What its mean loss counts for among the batches of a step.</summary>
    public double Weight { get; }

    /// <summary>Part <paramref name="index"/> of <paramref name="count"/>: rows that follow each other, equally many but for one. Views of this batch.</summary>
    internal BatchPart Part(int index, int count)
    {
        if (count == 1)
            return new(this, Weight);
        if (_hasOwnWeight)
            throw new InvalidOperationException($"A batch of the weight {Weight} and {Rows} rows cannot be cut into {count} parts: which rows carry the weight is not known. Give the row weights.");
        long first = Rows * index / count, length = Rows * (index + 1) / count - first;
        double weight = _rowWeights is null ? length : _rowWeights.Skip((int)first).Take((int)length).Sum();
        if (weight == 0)
            (first, length) = (_rowWeights is null ? _first : _rowWeights.Index().MaxBy(row => row.Item).Index, 1);
        return new(new(_tensors.Select(tensor => tensor.narrow(0, first - _first, length)).ToList(), rowWeights: _rowWeights?.Skip((int)first).Take((int)length).ToList()), weight);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors)
            tensor.Dispose();
    }
}
