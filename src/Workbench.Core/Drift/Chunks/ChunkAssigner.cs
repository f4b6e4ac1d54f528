using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>Numbers the rows of one scan; each scan takes a new one.</summary>
internal abstract class ChunkAssigner
{
    /// <summary>The row is in no chunk, and belongs to the whole.</summary>
    public const int NoChunk = -1;

    /// <summary>The chunk of the next row, from 0, or <see cref="NoChunk"/>.</summary>
    /// <param name="time">Its time, or <see cref="ColumnReader.NoTime"/>.</param>
    public abstract int Next(long time);
}

/// <summary>Everything is one chunk.</summary>
internal sealed class WholeAssigner : ChunkAssigner
{
    public override int Next(long time) => 0;
}

/// <summary>By periods from <paramref name="first"/> on.</summary>
internal sealed class PeriodAssigner(ChunkPeriod period, long first) : ChunkAssigner
{
    private readonly PeriodClock _clock = new(period);

    public override int Next(long time) => UnixTime.IsKnown(time) ? (int)(_clock.Index(time) - first) : NoChunk;
}

/// <summary>By place in the order of the source.</summary>
internal sealed class PlaceAssigner(ChunkSizes sizes) : ChunkAssigner
{
    private long _place;

    public override int Next(long time) => sizes.ChunkAt(_place++);
}

/// <summary>By place in the order of time; rows of the same moment in the order of the source.</summary>
/// <param name="sizes">The chunks.</param>
/// <param name="firsts">Time of the first row of each chunk, and the place of the first row with this time.</param>
internal sealed class OrderAssigner(ChunkSizes sizes, (long Time, long Place)[] firsts) : ChunkAssigner
{
    private readonly Dictionary<long, long> _seen = [];

    public override int Next(long time)
    {
        if (!UnixTime.IsKnown(time))
            return NoChunk;
        int next = Above(time); // first chunk that begins later
        var (first, place) = firsts[next - 1];
        if (time > first)
            return sizes.Map(next - 1);
        long seen = _seen.GetValueOrDefault(time);
        _seen[time] = seen + 1;
        return sizes.ChunkAt(place + seen);
    }

    private int Above(long time)
    {
        int low = 0, high = firsts.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (firsts[middle].Time <= time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
