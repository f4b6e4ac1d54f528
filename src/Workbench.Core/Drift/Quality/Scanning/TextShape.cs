using System.Globalization;
using System.Text;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>What all texts of a column look like, such as a letter, five digits and a dash, as a regular expression; nothing when they do not look alike.</summary>
internal sealed class TextShape
{
    private const int LongestText = 64;
    private const int MostRuns = 16;

    private readonly List<Run> _runs = [];
    private bool _isFirst = true;
    private bool _differs;

    private enum Letters
    {
        Digits,
        Lower,
        Upper,
        Sign,
    }

    // Text is what stands there in every row so far, or null.
    private sealed record Run(Letters Letters, int Least, int Most, string? Text);

    /// <summary>A regular expression that every text matches from end to end, or null.</summary>
    public string? Pattern => _isFirst || _differs || _runs.TrueForAll(run => run.Letters is Letters.Lower or Letters.Upper) ? null : string.Concat(_runs.Select(Expression));

    public void Add(ReadOnlySpan<byte> text)
    {
        if (_differs)
            return;
        if (text.Length > LongestText || !TryTake(text))
            _differs = true;
        _isFirst = false;
    }

    private bool TryTake(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (text.Length > 0)
        {
            if (KindOf(text[0]) is not { } letters || count == MostRuns)
                return false;
            int length = 1;
            while (letters != Letters.Sign && length < text.Length && KindOf(text[length]) == letters)
                length++;
            if (!TryTake(count++, letters, text[..length]))
                return false;
            text = text[length..];
        }
        return count == _runs.Count;
    }

    private bool TryTake(int index, Letters letters, ReadOnlySpan<byte> text)
    {
        if (_isFirst)
        {
            _runs.Add(new(letters, text.Length, text.Length, Encoding.ASCII.GetString(text)));
            return true;
        }
        if (index >= _runs.Count || _runs[index].Letters != letters)
            return false;
        var run = _runs[index];
        bool isSame = run.Text is not null && run.Text.Length == text.Length && Encoding.ASCII.GetString(text) == run.Text;
        if (letters == Letters.Sign && !isSame)
            return false;
        if (!isSame)
            _runs[index] = new(letters, Math.Min(run.Least, text.Length), Math.Max(run.Most, text.Length), null);
        return true;
    }

    private static Letters? KindOf(byte letter) => letter switch
    {
        >= (byte)'0' and <= (byte)'9' => Letters.Digits,
        >= (byte)'a' and <= (byte)'z' => Letters.Lower,
        >= (byte)'A' and <= (byte)'Z' => Letters.Upper,
        >= (byte)' ' and <= (byte)'~' => Letters.Sign,
        _ => null,
    };

    // Digits that are the same in all rows, such as a year's, are so by chance; letters are a prefix.
    private static string Expression(Run run) => run switch
    {
        { Letters: Letters.Sign } => (@"\.+*?()|[]{}^$".Contains(run.Text![0]) ? "\\" : "") + run.Text, // a sign is the same in all rows
        { Letters: Letters.Digits } => "[0-9]" + Times(run),
        { Text: { } letters } => letters,
        { Letters: Letters.Lower } => "[a-z]" + Times(run),
        _ => "[A-Z]" + Times(run),
    };

    private static string Times(Run run) => string.Create(CultureInfo.InvariantCulture, $"{(run.Least == run.Most ? run.Least == 1 ? "" : $"{{{run.Least}}}" : $"{{{run.Least},{run.Most}}}")}");
}
