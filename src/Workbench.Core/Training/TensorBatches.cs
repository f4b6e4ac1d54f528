using Workbench.Features;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// Batches of rows that are in memory. Rows are gathered some thousand at a time and sliced from there, which is several
/// times faster than a loader that collates row by row.
/// </summary>
public sealed class TensorBatches : ISharedBatchSource
{
    private const long RowsGathered = 65_536;

    private readonly IReadOnlyList<Tensor> _tensors;
    private readonly long _rows;

    /// <summary>Batches over tensors with equally many rows, which stay the caller's.</summary>
    /// <param name="tensors">Inputs and targets; those on the training device are not copied there again.</param>
    /// <param name="batchSize">Rows a batch, at least 1.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; default true.</param>
    /// <param name="seed">Decides the orders; default 42.</param>
    /// <param name="dropLast">Whether an incomplete last batch is left out; default false.</param>
    /// <exception cref="ArgumentException">There is no tensor or row, they differ in rows, or no batch would be complete.</exception>
    public TensorBatches(IReadOnlyList<Tensor> tensors, int batchSize, bool shuffle = true, long seed = 42, bool dropLast = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (tensors.Count == 0 || tensors.Select(tensor => tensor.dim() == 0 ? 0 : tensor.shape[0]).Distinct().ToList() is not [var rows and > 0])
            throw new ArgumentException(
                $"Batches take one or more tensors with equally many rows, at least 1; got [{string.Join("], [", tensors.Select(tensor => string.Join(", ", tensor.shape)))}].", nameof(tensors));
        if (dropLast && rows < batchSize)
            throw new ArgumentException($"There are {rows} rows and batches of {batchSize}: no batch is complete, and incomplete ones are dropped. Take a smaller batch.", nameof(batchSize));
        (_tensors, _rows, BatchSize, Shuffles, Seed, DropsLast) = (tensors, rows, batchSize, shuffle, seed, dropLast);
    }

    /// <summary>Rows a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffles { get; }

    /// <summary>Decides the orders.</summary>
    public long Seed { get; }

    /// <summary>Whether an incomplete last batch is left out.</summary>
    public bool DropsLast { get; }

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant(
        $"{_rows} rows in memory, batches of {BatchSize}, {(Shuffles ? $"shuffled by {Seed}" : "in order")}{(DropsLast ? ", whole batches only" : "")}");

    /// <inheritdoc/>
    public long? BatchesPerEpoch => DropsLast ? _rows / BatchSize : (_rows + BatchSize - 1) / BatchSize;

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(int epoch, long skip, Device device, CancellationToken cancellationToken = default) => Read(epoch, skip, device, 0, 1, cancellationToken);

    IEnumerable<Batch> ISharedBatchSource.Read(int epoch, long skip, Device device, int rank, int ranks, CancellationToken cancellationToken) =>
        Read(epoch, skip, device, rank, ranks, cancellationToken);

    private IEnumerable<Batch> Read(int epoch, long skip, Device device, int rank, int ranks, CancellationToken cancellationToken)
    {
        long end = DropsLast ? _rows / BatchSize * BatchSize : _rows;
        long[] order = Shuffles ? Shuffle.Order(_rows, Seed, epoch) : [];
        long gatheredRows = Math.Max(1, RowsGathered / BatchSize) * BatchSize;
        for (long start = skip * BatchSize; start < end;)
        {
            long chunkEnd = Math.Min(end, start + gatheredRows);
            var batches = Enumerable.Range(0, (int)((chunkEnd - start + BatchSize - 1) / BatchSize)).Select(i => start + (long)i * BatchSize)
                .Select(first => (First: first, Share: BatchShare.Of(Math.Min(BatchSize, chunkEnd - first), rank, ranks))).ToList();
            var chunk = Shuffles || ranks > 1 ? Gather(Rows(order, batches), device) : Slice(start, chunkEnd, device);
            long held = 0;
            try
            {
                foreach (var (_, share) in batches)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return new(chunk.Select(tensor => tensor.narrow(0, held, share.Length)).ToList(), share);
                    held += share.Length;
                }
            }
            finally
            {
                foreach (var tensor in chunk)
                    tensor.Dispose();
            }
            start = chunkEnd;
        }
    }

    // Outside every scope: a chunk lives as long as the reader is within it.
    private List<Tensor> Gather(long[] rows, Device device)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var indices = tensor(rows);
        return _tensors.Select(values => values.index_select(0, indices.to(values.device)).to(device).DetachFromDisposeScope()).ToList();
    }

    private static long[] Rows(long[] order, IReadOnlyList<(long First, BatchShare Share)> batches)
    {
        long[] rows = new long[batches.Sum(batch => batch.Share.Length)];
        int count = 0;
        foreach (var (first, share) in batches)
            for (long row = first + share.First; row < first + share.First + share.Length; row++)
                rows[count++] = order.Length > 0 ? order[row] : row;
        return rows;
    }

    private List<Tensor> Slice(long start, long end, Device device)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return _tensors.Select(values => values.narrow(0, start, end - start).alias().to(device).DetachFromDisposeScope()).ToList();
    }
}
