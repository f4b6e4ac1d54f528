namespace Workbench.Drift.Chunks;

/// <summary>What both kinds of tagged columns count beside their values. Rows that are not compared are not in it.</summary>
/// <param name="chunks">Number of chunks.</param>
internal abstract class TaggedRows(int chunks)
{
    // By season: 24 hours at most.
    private readonly long[] _nulls = new long[32];

    /// <summary>NULLs of each chunk.</summary>
    public long[] NullsOfChunk { get; } = new long[chunks];

    /// <summary>NULLs in the seasons of <paramref name="mask"/>; all without seasons.</summary>
    public long Nulls(uint mask) => Sum(_nulls, mask);

    protected void AddNull(RowTag tag)
    {
        _nulls[tag.Season]++;
        if (tag.Chunk >= 0)
            NullsOfChunk[tag.Chunk]++;
    }

    /// <summary>Mask 0 means that there are no seasons.</summary>
    protected static bool IsIn(uint mask, int season) => mask == 0 || (mask >> season & 1) == 1;

    protected static long Sum(long[] bySeason, uint mask)
    {
        long sum = 0;
        for (int season = 0; season < bySeason.Length; season++)
            sum += IsIn(mask, season) ? bySeason[season] : 0;
        return sum;
    }

    /// <summary>Where the rows of each chunk begin, when the rows of chunk 0 come first; one more at the end.</summary>
    protected static int[] Offsets(ReadOnlySpan<int> chunkOfRow, int chunks)
    {
        var offsets = new int[chunks + 1];
        foreach (int chunk in chunkOfRow)
            if (chunk >= 0)
                offsets[chunk + 1]++;
        for (int chunk = 0; chunk < chunks; chunk++)
            offsets[chunk + 1] += offsets[chunk];
        return offsets;
    }

    /// <summary>Puts the values of each chunk together, in their order; <paramref name="offsets"/> as <see cref="Offsets"/> gives them.</summary>
    protected static TRow[] Group<TRow>(ReadOnlySpan<TRow> values, ReadOnlySpan<int> chunkOfRow, int[] offsets)
    {
        var grouped = new TRow[offsets[^1]];
        var places = offsets.ToArray();
        for (int i = 0; i < values.Length; i++)
            if (chunkOfRow[i] >= 0)
                grouped[places[chunkOfRow[i]]++] = values[i];
        return grouped;
    }
}
