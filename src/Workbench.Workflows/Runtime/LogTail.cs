using System.Text;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Copies a process's output to its log file, of at most <paramref name="limit"/> characters, and to the step's log, and remembers
/// the last lines. Thread-safe.
/// </summary>
internal sealed class LogTail(string path, StepContext context, long limit) : IDisposable
{
    private const int LinesKept = 20;
    private const int LongestLine = 64 * 1024;

    private readonly CappedLog _file = new(path, limit);
    private readonly Queue<string> _last = new();
    private readonly Lock _gate = new();
    private bool _isClosed;

    /// <summary>Copies lines, which end as those of <see cref="TextReader.ReadLine"/>; one that does not end is broken, so that it cannot fill the memory.</summary>
    public async Task CopyAsync(TextReader reader)
    {
        var (block, line, isAfterReturn) = (new char[4096], new StringBuilder(), false);
        for (int read; (read = await reader.ReadAsync(block)) > 0;)
            for (var at = 0; at < read; at++)
            {
                var letter = block[at];
                var isSecondOfAnEnd = letter == '\n' && isAfterReturn;
                isAfterReturn = letter == '\r';
                if (letter is not ('\n' or '\r'))
                    line.Append(letter);
                if (letter == '\r' || (letter == '\n' && !isSecondOfAnEnd) || (line.Length >= LongestLine && !char.IsHighSurrogate(letter)))
                    Add(line);
            }
        if (line.Length > 0)
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
            _file.Dispose();
        }
    }

    private void Add(StringBuilder text)
    {
        var line = text.ToString();
        text.Clear();
        lock (_gate)
        {
            if (_isClosed)
                return;
            _file.WriteLine(line);
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
