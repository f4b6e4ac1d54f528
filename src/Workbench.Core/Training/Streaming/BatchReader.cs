using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Training.Streaming;

/// <summary>Reads an epoch's row groups on a thread of its own and holds a bounded number of batches ready. Disposing ends the thread.</summary>
internal sealed class BatchReader : IDisposable
{
    private readonly IReadOnlyList<TensorColumns> _tensors;
    private readonly string _select, _where;
    private readonly IReadOnlyList<RowGroup> _groups;
    private readonly ParquetBatchesOptions _options;
    private readonly Func<long, BatchShare> _share;
    private readonly CancellationTokenSource _stop;
    private readonly BlockingCollection<BatchRows> _ready;
    private readonly Thread _thread;
    private readonly int _epoch, _windowRows;
    private ExceptionDispatchInfo? _failure;
    private long _skip, _windows;

    public BatchReader(
        IReadOnlyList<TensorColumns> tensors, string select, string where, IReadOnlyList<RowGroup> groups, ParquetBatchesOptions options, Func<long, BatchShare> share,
        int epoch, long skip, CancellationToken cancellationToken)
    {
        (_tensors, _select, _where, _groups, _options, _share, _epoch, _skip) = (tensors, select, where, groups, options, share, epoch, skip);
        // Whole batches, so that only an epoch's last can be short.
        _windowRows = Math.Max(1, (options.ShuffleRows > 0 ? options.ShuffleRows : 65_536) / options.BatchSize) * options.BatchSize;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ready = new(options.Prefetch);
        _thread = new(ReadAll) { IsBackground = true, Name = "Parquet batches" };
        _thread.Start();
    }

    /// <summary>The batches, as they become ready.</summary>
    /// <exception cref="DataException">DuckDB cannot read on, or a whole number is NULL.</exception>
    public IEnumerable<BatchRows> Batches()
    {
        foreach (var batch in _ready.GetConsumingEnumerable(_stop.Token))
            yield return batch;
        _failure?.Throw();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _ready.Dispose();
        _stop.Dispose();
    }

    private void ReadAll()
    {
        try
        {
            using var session = DuckSession.Open();
            session.Execute($"SET threads = {_options.Threads}");
            var window = new RowWindow(_tensors);
            foreach (var group in _groups)
                DuckVectorStream.Read(session.Connection, $"SELECT {_select} FROM {group.Relation}{_where}", vectors =>
                {
                    window.Add(vectors);
                    if (window.Rows >= _windowRows)
                        Emit(window, isLast: false);
                }, _stop.Token);
            Emit(window, isLast: true);
        }
        catch (Exception failure) // The edge of the thread: who reads the batches gets it.
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }

    /// <summary>Hands out the window's whole batches in a random order; the rows that are left over stay in it.</summary>
    private void Emit(RowWindow window, bool isLast)
    {
        long[] order = _options.ShuffleRows > 0 ? Shuffle.Order(window.Rows, _options.Seed + _windows++, _epoch) : Shuffle.None(window.Rows);
        int end = isLast && !_options.DropLast ? window.Rows : window.Rows / _options.BatchSize * _options.BatchSize;
        for (int start = 0; start < end; start += _options.BatchSize)
            if (--_skip < 0)
                _ready.Add(window.Take(order, start, _share(Math.Min(_options.BatchSize, end - start))), _stop.Token);
        window.Keep(order.AsSpan(end));
    }
}
