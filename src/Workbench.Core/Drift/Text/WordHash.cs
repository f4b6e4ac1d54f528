namespace Workbench.Drift.Text;

/// <summary>Hashes that are the same on every machine and run.</summary>
internal static class WordHash
{
    /// <summary>FNV-1a over the characters, then a final mix (Stafford's variant 13 of MurmurHash3's).</summary>
    public static ulong Of(ReadOnlySpan<char> word)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in word)
            hash = (hash ^ letter) * 1099511628211;
        return Mix(hash);
    }

    /// <summary>The hash of two words in this order.</summary>
    public static ulong Of(ulong first, ulong second) => Mix(first * 3 + second);

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ hash >> 27) * 0x94D049BB133111EB;
        return hash ^ hash >> 31;
    }
}
