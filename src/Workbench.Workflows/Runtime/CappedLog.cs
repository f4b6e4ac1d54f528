using System.Globalization;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// The file of a process's output. What is longer than <paramref name="limit"/> characters keeps its beginning and its end, with
/// a line between them that says how much went. Until it is closed the end lies in two files beside it, the second of which takes
/// the place of the first when it is full, so that a crash loses nothing of it. Not thread-safe.
/// </summary>
internal sealed class CappedLog(string path, long limit) : IDisposable
{
    private readonly long _third = limit / 3; // one for the beginning, two for the end
    private StreamWriter _writer = Open(path);
    private bool _isTail;
    private long _written;
    private long _earlier;
    private long _dropped;

    private string Tail => path + ".tail";
    private string Earlier => path + ".earlier";

    public void WriteLine(string line)
    {
        if (_written > 0 && _written + line.Length + 1 > _third)
            Next();
        _writer.WriteLine(line);
        _written += line.Length + 1;
    }

    public void Dispose()
    {
        _writer.Dispose();
        if (!_isTail)
            return;
        using (var file = new StreamWriter(path, append: true))
        {
            if (_dropped > 0)
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{_dropped} characters are left out here: a step's log keeps {limit} of them.]"));
            file.Flush();
            foreach (var part in new[] { Earlier, Tail }.Where(File.Exists))
                using (var source = File.OpenRead(part))
                    source.CopyTo(file.BaseStream);
        }
        File.Delete(Earlier);
        File.Delete(Tail);
    }

    private void Next()
    {
        _writer.Dispose();
        if (_isTail)
        {
            _dropped += _earlier;
            _earlier = _written;
            File.Move(Tail, Earlier, overwrite: true);
        }
        (_isTail, _written) = (true, 0);
        _writer = Open(Tail);
    }

    private static StreamWriter Open(string path) => new(path) { AutoFlush = true };
}
