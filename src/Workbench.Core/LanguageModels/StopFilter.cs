using System.Text;

namespace Workbench.LanguageModels;

/// <summary>Lets text through up to the first stop sequence; what may be the start of one is held back.</summary>
internal sealed class StopFilter(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>Whether a stop sequence came.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What can be given out after another piece.</summary>
    public string Append(string piece)
    {
        if (stops.Count == 0)
            return piece;
        string text = _held.Append(piece).ToString();
        _held.Clear();
        int stop = stops.Select(sequence => text.IndexOf(sequence, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(-1).Min();
        IsStopped = stop >= 0;
        int ready = IsStopped ? stop : text.Length - stops.Max(sequence => Overlap(text, sequence));
        if (!IsStopped)
            _held.Append(text, ready, text.Length - ready);
        return text[..ready];
    }

    /// <summary>What was held back and turned out to be no stop sequence.</summary>
    public string Finish()
    {
        string text = _held.ToString();
        _held.Clear();
        return text;
    }

    // The longest end of the text that is a start of the sequence.
    private static int Overlap(string text, string sequence)
    {
        int length = Math.Min(text.Length, sequence.Length - 1);
        while (length > 0 && !text.AsSpan(text.Length - length).SequenceEqual(sequence.AsSpan(0, length)))
            length--;
        return length;
    }
}
