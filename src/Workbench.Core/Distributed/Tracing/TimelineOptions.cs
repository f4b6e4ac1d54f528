namespace Workbench.Distributed.Tracing;

/// <summary>
/// Files that a training writes its timeline to when it ends, in the trace event format (JSON) that ui.perfetto.dev and
/// chrome://tracing open: one process a rank, a lane for what the training does and one for what ranks do together. Rank 0
/// writes. Steps in the middle are left out where there are too many, and the file says which.
/// </summary>
public sealed record TimelineOptions
{
    /// <summary>Most spans of a rank in <see cref="Path"/>, some 12 MB.</summary>
    public const int MostSpansOfARank = 100_000;

    /// <summary>Most spans in <see cref="ExcerptPath"/>, of all ranks together: about 1 MB.</summary>
    public const int MostSpansOfAnExcerpt = 8_000;

    /// <summary>Most ranks whose spans <see cref="ExcerptPath"/> shows; its sums are of all.</summary>
    public const int MostRanksOfAnExcerpt = 32;

    /// <summary>File of up to <see cref="MostSpansOfARank"/> spans a rank; null (the default) writes none.</summary>
    public string? Path { get; init; }

    /// <summary>File of up to <see cref="MostSpansOfAnExcerpt"/> spans, small enough to be kept with every run; null (the default) writes none.</summary>
    public string? ExcerptPath { get; init; }
}
