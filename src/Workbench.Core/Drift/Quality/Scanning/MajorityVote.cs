namespace Workbench.Drift.Quality.Scanning;

/// <summary>The text that may fill most of the rows (Boyer and Moore 1981): one in more than half of them leads at the end, by at least what it is ahead of the others.</summary>
internal sealed class MajorityVote
{
    private const int LongestText = 200;

    private readonly byte[] _leading = new byte[LongestText];
    private int _length;
    private ulong _leader;

    /// <summary>Empty for one that is too long for a category.</summary>
    public ReadOnlySpan<byte> Leader => _leading.AsSpan(0, _length);
    public long Lead { get; private set; }

    public void Add(ReadOnlySpan<byte> text, ulong hash, long rows)
    {
        if (hash == _leader)
            Lead += rows;
        else if (Lead >= rows)
            Lead -= rows;
        else
        {
            (_leader, Lead, _length) = (hash, rows - Lead, text.Length > LongestText ? 0 : text.Length);
            text[.._length].CopyTo(_leading);
        }
    }
}
