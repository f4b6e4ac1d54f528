namespace Workbench.Workflows.Runtime;

/// <summary>Copies a process's output to its log file and to the step's log, and remembers the last lines. Thread-safe.</summary>
internal sealed class LogTail(string path, StepContext context) : IDisposable
{
    private const int LinesKept = 20;

    private readonly StreamWriter _writer = new(path) { AutoFlush = true };
    private readonly Queue<string> _last = new();
    private readonly Lock _gate = new();
    private bool _isClosed;

    public async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Add(line);
    }

    /// <summary>The last lines, or a word that there are none.</summary>
    public override string ToString()
    {
        lock (_gate)
            return _last.Count == 0 ? "It wrote no output." : string.Join('\n', _last);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _writer.Dispose();
        }
    }

    private void Add(string line)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _writer.WriteLine(line);
            context.Log.Report(line);
            if (string.IsNullOrWhiteSpace(line))
                return;
            _last.Enqueue(line);
            if (_last.Count > LinesKept)
                _last.Dequeue();
        }
        context.Progress.Report(new(line.Length <= 200 ? line : line[..200]));
    }
}
