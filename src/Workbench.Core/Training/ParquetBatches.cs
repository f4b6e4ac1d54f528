using System.Globalization;
using TorchSharp;
using Workbench.Data;
using Workbench.Features;
using Workbench.Training.Streaming;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// Batches from Parquet files that may be larger than memory: DuckDB reads, decodes and computes on its own threads, and a
/// bounded number of batches waits ready. Each epoch takes the files' row groups in another order and shuffles the rows
/// within a window of <see cref="ParquetBatchesOptions.ShuffleRows"/>, so rows that lie far from each other in the files meet
/// in a batch only when the row groups are smaller than the window.
/// </summary>
/// <example><code>
/// var batches = new ParquetBatches("data/clicks/*.parquet", [TensorColumns.Float("age", "ln(1 + spend)"), TensorColumns.Float("clicked")], new() { BatchSize = 1_024 });
/// </code></example>
public sealed class ParquetBatches : ISharedBatchSource
{
    private readonly ParquetBatchesOptions _options;
    private readonly IReadOnlyList<TensorColumns> _tensors;
    private readonly IReadOnlyList<RowGroup> _groups;
    private readonly string _select;
    private readonly long _rows;

    /// <summary>Looks at the files, and checks columns and expressions against them.</summary>
    /// <param name="path">File, glob or folder.</param>
    /// <param name="tensors">The tensors of a batch, in the order that the loss knows.</param>
    /// <param name="options">Size and order of the batches; default as <see cref="ParquetBatchesOptions"/> says.</param>
    /// <exception cref="ArgumentException">An option is out of range, or no tensor is asked for.</exception>
    /// <exception cref="DataException">No such file, no row, or a column or expression that the files do not have.</exception>
    public ParquetBatches(string path, IReadOnlyList<TensorColumns> tensors, ParquetBatchesOptions? options = null)
    {
        _options = (options ?? new()).EnsureValid();
        _tensors = tensors.Count > 0 ? tensors : throw new ArgumentException("Name at least one tensor.", nameof(tensors));
        using var session = DuckSession.Open();
        var table = TableFile.Open(session, path);
        if (!table.Files[0].EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            throw new DataException($"'{path}' stands for {table.Files[0]}, which is no Parquet file. Write Parquet (COPY ... TO 'x.parquet'), or read the rows into memory and take TensorBatches.") { Origin = path };
        _select = string.Join(", ", tensors.SelectMany(tensor => tensor.Expressions.Select(expression =>
            $"({(table.Find(expression) is { } column ? DuckSession.Identifier(column.Name) : expression)})::{(tensor.IsWhole ? "BIGINT" : "FLOAT")}")));
        session.Execute($"EXPLAIN SELECT {_select} FROM {table.Relation}{Where}");
        _groups = RowGroup.Of(session, table.Files);
        _rows = _options.Where is null ? _groups.Sum(group => group.Rows) : session.Scalar<long>($"SELECT count(*) FROM {table.Relation}{Where}");
        if (_rows == 0 || _options.DropLast && _rows < _options.BatchSize)
            throw new DataException($"'{path}' gives {_rows} rows{Where}, and {(_options.DropLast ? $"a whole batch has {_options.BatchSize}" : "a training needs some")}. Widen the condition or name more files.") { Origin = path };
    }

    /// <inheritdoc/>
    public string Description => string.Create(CultureInfo.InvariantCulture,
        $"{_rows} rows of {_groups.Count} row groups{Where}: {_select}, batches of {_options.BatchSize}, {(_options.ShuffleRows > 0 ? $"shuffled by {_options.Seed} within {_options.ShuffleRows}" : "in order")}{(_options.DropLast ? ", whole batches only" : "")}");

    /// <inheritdoc/>
    public long? BatchesPerEpoch => _options.DropLast ? _rows / _options.BatchSize : (_rows + _options.BatchSize - 1) / _options.BatchSize;

    private string Where => _options.Where is { } condition ? $" WHERE {condition}" : "";

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(int epoch, long skip, Device device, CancellationToken cancellationToken = default) => Read(epoch, skip, device, 0, 1, cancellationToken);

    IEnumerable<Batch> ISharedBatchSource.Read(int epoch, long skip, Device device, int rank, int ranks, CancellationToken cancellationToken) =>
        Read(epoch, skip, device, rank, ranks, cancellationToken);

    // Every rank decodes all row groups, since its rows come from each of them; it puts together no others.
    private IEnumerable<Batch> Read(int epoch, long skip, Device device, int rank, int ranks, CancellationToken cancellationToken)
    {
        var groups = _options.ShuffleRows > 0 ? Shuffle.Order(_groups.Count, _options.Seed, epoch).Select(index => _groups[(int)index]).ToList() : _groups;
        using var reader = new BatchReader(_tensors, _select, Where, groups, _options, rows => BatchShare.Of(rows, rank, ranks), epoch, skip, cancellationToken);
        foreach (var rows in reader.Batches())
            yield return new(rows.Columns.Select((values, index) => ToTensor(values, rows.Share.Length, _tensors[index].Expressions.Count, device)).ToList(), rows.Share);
    }

    private static Tensor ToTensor(Array values, long rows, int columns, Device device)
    {
        using var scope = NewDisposeScope();
        long[] shape = [rows, columns];
        var result = values is float[] floats ? tensor(floats, shape) : tensor((long[])values, shape);
        return (device.type == DeviceType.CPU ? result : result.to(device)).DetachFromDisposeScope();
    }
}
