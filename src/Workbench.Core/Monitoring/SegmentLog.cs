using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data;

namespace Workbench.Monitoring;

/// <summary>
/// An append-only log of one kind of event: rows go to a write-ahead segment of this process, one a model, and every few
/// seconds each segment becomes a Parquet file of the same name. A crash between the two steps repeats the second one
/// and gives the same file, so that each row is there exactly once.
/// </summary>
internal sealed class SegmentLog<TLine> : IAsyncDisposable
{
    private static readonly JsonSerializerOptions LineJson = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly string _root;
    private readonly EventLogOptions _options;
    private readonly Action<string, IReadOnlyList<TLine>> _writeParquet;
    private readonly Lock _appending = new();
    private readonly Dictionary<string, Segment> _open = [];
    private readonly List<Segment> _closed = [];
    private readonly SemaphoreSlim _sealing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private bool _disposed;

    public SegmentLog(string root, EventLogOptions options, TimeProvider timer, Action<string, IReadOnlyList<TLine>> writeParquet)
    {
        options.Check();
        _root = root;
        _options = options;
        _writeParquet = writeParquet;
        Recovery = Recover();
        _loop = SealRegularlyAsync(new PeriodicTimer(options.SealAfter, timer));
    }

    public RecoveryReport Recovery { get; }

    /// <summary>Why the last writing of Parquet failed, or null; the rows stay in their segments and are tried again.</summary>
    public Exception? Failure { get; private set; }

    public void Append(string model, IReadOnlyList<TLine> lines)
    {
        var bytes = ToBytes(lines);
        lock (_appending)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_open.TryGetValue(model, out var segment))
                _open[model] = segment = CreateSegment(model);
            segment.Append(bytes, lines.Count);
            if (segment.Rows >= _options.SealAfterRows)
                Close(model);
        }
    }

    /// <summary>Writes all rows that were appended so far as Parquet.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _sealing.WaitAsync(cancellationToken);
        try
        {
            foreach (var segment in CloseAll())
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Run(() => Seal(segment), cancellationToken);
            }
            Failure = null;
        }
        finally
        {
            _sealing.Release();
        }
    }

    /// <summary>Takes over what processes that died since have left; what living ones hold is theirs.</summary>
    public Task<RecoveryReport> RecoverAsync(CancellationToken cancellationToken) => Task.Run(Recover, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        await _stop.CancelAsync();
        await _loop;
        lock (_appending)
            _disposed = true;
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        finally
        {
            // What could not be written stays in its segment for the next process.
            _closed.ForEach(segment => segment.Dispose());
            _stop.Dispose();
            _sealing.Dispose();
        }
    }

    private async Task SealRegularlyAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stop.Token))
                    await TryFlushAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The log is being closed; DisposeAsync writes the rest.
            }
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failure = failure;
        }
    }

    private Segment CreateSegment(string model)
    {
        var folder = EventFolder.OfModel(_root, model);
        try
        {
            return Segment.Create(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"Cannot write events to '{folder}': {failure.Message} Free some space, make the folder writable, or name another data folder with --data.",
                failure) { Origin = folder };
        }
    }

    private void Close(string model)
    {
        if (_open.Remove(model, out var segment))
            _closed.Add(segment);
    }

    private IReadOnlyList<Segment> CloseAll()
    {
        lock (_appending)
        {
            foreach (var model in _open.Keys.ToList())
                Close(model);
            return [.. _closed];
        }
    }

    private void Seal(Segment segment)
    {
        WriteRows(segment);
        segment.Delete();
        lock (_appending)
            _closed.Remove(segment);
    }

    private (int Rows, string? TornFile) WriteRows(Segment segment)
    {
        var lines = ParseLines(segment.ReadAll(), out var torn);
        var tornFile = torn.Count == 0 ? null : Path.ChangeExtension(segment.FilePath, ".torn");
        if (tornFile is not null)
            File.WriteAllBytes(tornFile, [.. torn]);
        if (lines.Count > 0)
            _writeParquet(segment.ParquetPath, lines);
        return (lines.Count, tornFile);
    }

    private RecoveryReport Recover()
    {
        var (segments, rows, tornFiles) = (0, 0, new List<string>());
        var folders = Directory.Exists(_root) ? Directory.EnumerateDirectories(_root, "model=*") : [];
        foreach (var path in folders.SelectMany(Segment.LeftIn).Order(StringComparer.Ordinal).ToList())
        {
            using var segment = Segment.TryTakeOver(path);
            if (segment is null)
                continue;
            var (count, tornFile) = WriteRows(segment);
            segment.Delete();
            segments++;
            rows += count;
            if (tornFile is not null)
                tornFiles.Add(tornFile);
        }
        return new RecoveryReport(segments, rows, tornFiles);
    }

    private static byte[] ToBytes(IReadOnlyList<TLine> lines)
    {
        using var bytes = new MemoryStream();
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(bytes, line, LineJson);
            bytes.WriteByte((byte)'\n');
        }
        return bytes.ToArray();
    }

    /// <summary>The whole lines; what has no end of line, or is no JSON, goes to <paramref name="torn"/>.</summary>
    private static List<TLine> ParseLines(byte[] bytes, out List<byte> torn)
    {
        var lines = new List<TLine>();
        torn = [];
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            var next = end < 0 ? bytes.Length : end + 1;
            if (end < 0 || !TryParse(bytes.AsSpan(start, end - start), lines))
                torn.AddRange(bytes[start..next]);
            start = next;
        }
        return lines;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, List<TLine> lines)
    {
        try
        {
            if (JsonSerializer.Deserialize<TLine>(text, LineJson) is not { } line)
                return false;
            lines.Add(line);
            return true;
        }
        catch (JsonException)
        {
            return false; // the caller keeps the bytes and reports the file
        }
    }
}
