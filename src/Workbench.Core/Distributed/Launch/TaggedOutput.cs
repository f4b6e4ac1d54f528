using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Workbench.Distributed.Launch;

/// <summary>
/// Puts the lines of each rank together again from what <c>mpirun --tag-output</c> writes: it sets a tag before each piece that it
/// reads, also in the middle of a long line, and after a piece without an end of line the next rank's tag follows on the same line.
/// Not thread-safe.
/// </summary>
internal sealed partial class TaggedOutput(Action<int?, string> tell)
{
    // A rank that never ends a line must not fill the memory.
    private const int MaxLine = 64 * 1024;

    private readonly Dictionary<int, StringBuilder> _begun = [];

    /// <summary>Takes a line of the launcher's output, without its end.</summary>
    public void Take(string line)
    {
        var tags = Tag().Matches(line);
        if (tags.Count == 0 || tags[0].Index > 0)
            tell(null, tags.Count == 0 ? line : line[..tags[0].Index]);
        for (var index = 0; index < tags.Count; index++)
        {
            var start = tags[index].Index + tags[index].Length;
            var isLast = index == tags.Count - 1;
            Add(int.Parse(tags[index].Groups["rank"].Value, CultureInfo.InvariantCulture), line[start..(isLast ? line.Length : tags[index + 1].Index)], isLast);
        }
    }

    /// <summary>Tells the lines that were begun and never ended.</summary>
    public void End()
    {
        foreach (var (rank, text) in _begun.Where(begun => begun.Value.Length > 0))
            tell(rank, text.ToString());
        _begun.Clear();
    }

    private void Add(int rank, string piece, bool endsLine)
    {
        if (!_begun.TryGetValue(rank, out var text))
            _begun[rank] = text = new();
        text.Append(piece);
        if (!endsLine && text.Length < MaxLine)
            return;
        tell(rank, text.ToString());
        text.Clear();
    }

    [GeneratedRegex(@"\[\d+,(?<rank>\d{1,6})\]<std(out|err)>:")]
    private static partial Regex Tag();
}
