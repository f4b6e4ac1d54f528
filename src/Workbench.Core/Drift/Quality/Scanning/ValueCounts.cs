namespace Workbench.Drift.Quality.Scanning;

/// <summary>
/// Rows of each different 64-bit value while they are few; after that about how many they are, and the one that may fill
/// most of the rows (see <see cref="MajorityVote"/>).
/// </summary>
internal sealed class ValueCounts
{
    /// <summary>Most different values whose rows are counted one by one.</summary>
    public const int Limit = 1000;
    private const int Slots = 4096;

    private readonly ulong[] _values = new ulong[Slots];
    private readonly long[] _rows = new long[Slots];
    private int _used;
    private HyperLogLog? _many;

    /// <summary>Whether <see cref="Values"/> are all.</summary>
    public bool IsComplete => _many is null;
    /// <summary>Different values; within 2 % as a rule unless <see cref="IsComplete"/>.</summary>
    public long Distinct => _many?.Estimate() ?? _used;
    public ulong Leader { get; private set; }
    /// <summary>Only a value that leads by 0.98 of the rows or more can fill 0.99 of them.</summary>
    public long Lead { get; private set; }

    public IEnumerable<(ulong Value, long Rows)> Values => Enumerable.Range(0, Slots).Where(slot => _rows[slot] > 0).Select(slot => (_values[slot], _rows[slot]));

    public void Add(ReadOnlySpan<ulong> values)
    {
        if (_many is null)
        {
            int counted = Count(values);
            if (counted == values.Length)
                return;
            _many = Spill();
            values = values[counted..];
        }
        var (leader, lead) = (Leader, Lead);
        foreach (ulong value in values)
        {
            _many.Add(Mix(value));
            if (value == leader)
                lead++;
            else if (lead > 0)
                lead--;
            else
                (leader, lead) = (value, 1);
        }
        (Leader, Lead) = (leader, lead);
    }

    /// <summary>Spreads a value over all 64 bits (the finaliser of SplitMix64: Steele, Lea, Flood 2014, OOPSLA).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    // How many were counted before one had no room.
    private int Count(ReadOnlySpan<ulong> values)
    {
        var (known, rows) = (_values, _rows);
        for (int i = 0; i < values.Length; i++)
        {
            ulong value = values[i];
            int slot = (int)(Mix(value) & (Slots - 1));
            while (rows[slot] > 0 && known[slot] != value)
                slot = (slot + 1) & (Slots - 1);
            if (rows[slot]++ > 0)
                continue;
            if (_used == Limit)
            {
                rows[slot] = 0;
                return i;
            }
            _used++;
            known[slot] = value;
        }
        return values.Length;
    }

    private HyperLogLog Spill()
    {
        var many = new HyperLogLog();
        long total = 0, most = 0;
        foreach (var (value, rows) in Values)
        {
            many.Add(Mix(value));
            total += rows;
            if (rows > most)
                (Leader, most) = (value, rows);
        }
        Lead = Math.Max(2 * most - total, 0); // what is left when each other row has taken one of the leader's along
        return many;
    }
}
