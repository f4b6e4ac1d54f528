using Workbench.Data;

namespace Workbench.Drift;

/// <summary>How many columns are read at once, so that the memory limit is kept: half of it for the workers, half for the databases of the two sides.</summary>
/// <param name="Workers">Columns, or blocks of columns, at the same time.</param>
/// <param name="BlockColumns">Columns that one scan sketches.</param>
/// <param name="RefineValues">Values that a worker may hold to decide a verdict.</param>
/// <param name="DatabaseBytes">Memory of one side's database.</param>
internal sealed record MemoryPlan(int Workers, int BlockColumns, long RefineValues, long DatabaseBytes)
{
    /// <summary>The least that a limit may be.</summary>
    public const long LeastBytes = 128L << 20;
    // A scan of more columns at once gains nothing.
    private const int MostBlockColumns = 16;
    private const int BlocksAWorker = 3;
    // While it is built a sketch has windows of 16,384 slots of 32 bytes, and where values lie too far apart for these a table of
    // at most 32,768 slots of 40 bytes; both finished ones take 640 KiB.
    private const long SketchBytes = 2L << 20;
    // Values, their sorting, and both sides merged: 8 + 8 + 24 bytes.
    private const long BytesAValue = 40;

    public static long DefaultBytes => Math.Max(LeastBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <param name="options">Limit and workers.</param>
    /// <param name="columns">Columns to compare.</param>
    /// <param name="wholeRows">Rows of both sides when whole columns are held in memory, else 0.</param>
    public static MemoryPlan Of(DriftOptions options, int columns, long wholeRows)
    {
        long limit = options.MemoryLimit ?? DefaultBytes, budget = limit / 2;
        long whole = wholeRows * BytesAValue;
        if (whole > budget)
            throw new DataException(
                $"Exact tests of {wholeRows:N0} values a column need {Megabytes(whole)} MB, and MemoryLimit {Megabytes(limit)} MB leaves {Megabytes(budget)} MB for them. "
                + $"Choose Precision {DriftPrecision.Decide} with tests that have bounds (docs/drift.md), which gives the same verdicts, or {DriftPrecision.Sketch}, or raise MemoryLimit to {Megabytes(2 * whole)} MB.");
        int workers = (int)Math.Clamp(budget / Math.Max(whole, 2 * SketchBytes), 1, options.Workers);
        long share = budget / workers;
        int block = (int)Math.Clamp(share / 2 / SketchBytes, 1, MostBlockColumns);
        // Few columns are spread over all workers, in enough blocks that these end at about the same time.
        block = Math.Clamp(columns / (BlocksAWorker * workers), 1, block);
        return new(workers, block, (share - block * SketchBytes) / BytesAValue, limit / 4);
    }

    private static long Megabytes(long bytes) => bytes >> 20;
}
