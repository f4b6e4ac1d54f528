namespace Workbench.Drift.Chunks;

/// <summary>Chunks of one size.</summary>
/// <param name="Size">Rows of a full chunk.</param>
/// <param name="Rows">Rows in all.</param>
/// <param name="Incomplete">What becomes of the rest.</param>
internal sealed record ChunkSizes(long Size, long Rows, IncompleteChunk Incomplete)
{
    private long Full => Rows / Size;

    /// <summary>Chunks, the rest counted as one.</summary>
    public long Raw => (Rows + Size - 1) / Size;

    /// <summary>Chunks after the rule for the rest.</summary>
    public int Count => (int)(Incomplete == IncompleteChunk.Keep || Full == Raw ? Raw : Incomplete == IncompleteChunk.Drop ? Full : Math.Max(1, Full));

    public int ChunkAt(long place) => Map(place / Size);

    /// <summary>The chunk that the rows of raw chunk <paramref name="raw"/> belong to.</summary>
    public int Map(long raw) => raw < Count ? (int)raw : Incomplete == IncompleteChunk.Append ? Count - 1 : ChunkAssigner.NoChunk;

    /// <summary>First and last place of a chunk.</summary>
    public (long First, long Last) Places(int chunk) => (chunk * Size, chunk == Count - 1 && Incomplete != IncompleteChunk.Drop ? Rows - 1 : (chunk + 1) * Size - 1);
}
