using System.Text;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// The output of one attempt on its way to the database. Keeps what was not stored yet, at most <paramref name="limit"/>
/// characters: when the database is out of reach for long the oldest of it goes. Thread-safe.
/// </summary>
internal sealed class AttemptLog(int limit) : IProgress<string>
{
    private const int LongestChunk = 16_000;

    private readonly Lock _gate = new();
    private readonly Queue<LogChunk> _waiting = new();
    private readonly StringBuilder _open = new();
    private long _end;

    /// <summary>Adds a line; one that is longer than a chunk is broken.</summary>
    public void Report(string value)
    {
        lock (_gate)
            foreach (var piece in Pieces(value))
            {
                if (_open.Length + piece.Length >= LongestChunk)
                    Close();
                _open.Append(piece).Append('\n');
            }
    }

    /// <summary>What is to be stored, oldest first; it stays here until <see cref="Confirm"/>.</summary>
    public IReadOnlyList<LogChunk> Peek()
    {
        lock (_gate)
        {
            Close();
            return [.. _waiting];
        }
    }

    /// <summary>Lets go of what is stored now.</summary>
    public void Confirm(IReadOnlyList<LogChunk> stored)
    {
        lock (_gate)
            while (stored.Count > 0 && _waiting.TryPeek(out var first) && first.Position <= stored[^1].Position)
                _waiting.Dequeue();
    }

    private static IEnumerable<string> Pieces(string line)
    {
        var clean = StoredText.Clean(line) ?? "";
        while (clean.Length >= LongestChunk)
        {
            var length = char.IsHighSurrogate(clean[LongestChunk - 2]) ? LongestChunk - 2 : LongestChunk - 1;
            yield return clean[..length];
            clean = clean[length..];
        }
        yield return clean;
    }

    private void Close()
    {
        if (_open.Length == 0)
            return;
        var chunk = new LogChunk(_end, _open.ToString());
        _open.Clear();
        _end = chunk.End;
        _waiting.Enqueue(chunk);
        while (_waiting.Count > 1 && _end - _waiting.Peek().Position > limit)
            _waiting.Dequeue();
    }
}
