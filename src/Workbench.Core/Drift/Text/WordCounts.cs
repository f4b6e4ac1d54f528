using System.Runtime.InteropServices;

namespace Workbench.Drift.Text;

/// <summary>
/// In how many rows each word of one side occurs. Keeps at most a capacity of words: when they are full, the rarest are
/// counted no longer and only remembered as seen (Bloom filter), so that <c>Contains</c> stays true for them.
/// </summary>
internal sealed class WordCounts
{
    // 2^23 bits: a million forgotten words give about 3 false memories in a hundred.
    private const int FilterBits = 1 << 23;
    private const int FilterHashes = 4;

    private readonly int _capacity;
    private readonly Dictionary<string, Count> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Count>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private ulong[]? _forgotten;
    private double? _unseenShare;

    public WordCounts(int capacity)
    {
        _capacity = capacity;
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private struct Count
    {
        public long Rows;
        public long LastRow;
    }

    /// <summary>Words over all rows, each once a row.</summary>
    public long Total { get; private set; }
    /// <summary>Different words that are counted.</summary>
    public int Different => _words.Count;
    /// <summary>Words in fewer rows than this may be missing; 0 when none is.</summary>
    public long RarestRows { get; private set; }

    /// <summary>Counts a word of a row, which are numbered from 1; false when the row had it already.</summary>
    public bool Add(ReadOnlySpan<char> word, long row)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, word, out _);
        if (count.LastRow == row)
            return false;
        count.LastRow = row;
        count.Rows++;
        Total++;
        if (_words.Count > _capacity)
            Forget();
        return true;
    }

    /// <summary>True when the side has the word.</summary>
    public bool Contains(ReadOnlySpan<char> word) => _lookup.ContainsKey(word) || (_forgotten is { } filter && IsSet(filter, WordHash.Of(word)));

    public bool Contains(string word) => Contains(word.AsSpan());

    /// <summary>Rows with the word; 0 when there is none, or when it was too rare to be counted.</summary>
    public long Rows(string word) => _words.TryGetValue(word, out var count) ? count.Rows : 0;

    public IEnumerable<(string Word, long Rows)> All() => _words.Select(one => (one.Key, one.Value.Rows));

    /// <summary>
    /// The share of the words of further rows of the same kind that this side lacks, and its variance: the share of words
    /// that occur once (Good 1953, Biometrika 40, 237-264).
    /// </summary>
    public (double Share, double Variance) Unseen()
    {
        if (Total == 0)
            return (1, 0);
        long once = _words.Values.LongCount(count => count.Rows == 1), twice = _words.Values.LongCount(count => count.Rows == 2);
        double share = _unseenShare ?? (double)once / Total;
        return (share, Math.Max(0, (once + 2.0 * twice) / Total / Total - (double)once * once / Total / Total / Total));
    }

    private void Forget()
    {
        _unseenShare ??= (double)_words.Values.LongCount(count => count.Rows == 1) / Total;
        _forgotten ??= new ulong[FilterBits / 64];
        // A quarter makes room; more where many are as rare as the last of them.
        long limit = _words.Values.Select(count => count.Rows).Order().ElementAt(_capacity / 4);
        foreach (var (word, _) in _words.Where(one => one.Value.Rows <= limit).ToList())
        {
            Set(_forgotten, WordHash.Of(word));
            _words.Remove(word);
        }
        RarestRows = Math.Max(RarestRows, limit + 1);
    }

    private static void Set(ulong[] filter, ulong hash)
    {
        for (int i = 0; i < FilterHashes; i++)
            filter[Bit(hash, i) >> 6] |= 1ul << (Bit(hash, i) & 63);
    }

    private static bool IsSet(ulong[] filter, ulong hash)
    {
        for (int i = 0; i < FilterHashes; i++)
            if ((filter[Bit(hash, i) >> 6] >> (Bit(hash, i) & 63) & 1) == 0)
                return false;
        return true;
    }

    private static int Bit(ulong hash, int i) => (int)((hash + (ulong)i * (hash >> 32 | 1)) & (FilterBits - 1));
}
