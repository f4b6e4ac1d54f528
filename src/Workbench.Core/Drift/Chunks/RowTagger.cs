namespace Workbench.Drift.Chunks;

/// <summary>Chunk and season of each row of one scan, in the order of the scan; each scan takes a new one.</summary>
/// <param name="assigner">Numbers the chunks.</param>
/// <param name="clock">Numbers the seasons; null without seasons.</param>
/// <param name="known">Seasons that are compared.</param>
internal sealed class RowTagger(ChunkAssigner assigner, SeasonClock? clock, uint known)
{
    /// <summary>Tags the next row.</summary>
    public RowTag Next(long time)
    {
        int chunk = assigner.Next(time);
        if (clock is null)
            return new(chunk, 0, true);
        if (!UnixTime.IsKnown(time))
            return new(chunk, 0, false);
        int season = clock.Index(time);
        return new(chunk, season, (known >> season & 1) == 1);
    }
}

/// <param name="Chunk">Number, or <see cref="ChunkAssigner.NoChunk"/>.</param>
/// <param name="Season">Number; 0 without seasons.</param>
/// <param name="IsCompared">False for a row without a season, or of one that the reference lacks.</param>
internal readonly record struct RowTag(int Chunk, int Season, bool IsCompared);
