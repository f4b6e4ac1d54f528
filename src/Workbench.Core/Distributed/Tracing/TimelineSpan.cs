namespace Workbench.Distributed.Tracing;

/// <summary>A span of a timeline.</summary>
/// <param name="Rank">Whose.</param>
/// <param name="Name">What, such as <c>all-reduce of bucket 0</c>.</param>
/// <param name="Kind">What kind of it.</param>
/// <param name="Start">Since the first rank began.</param>
/// <param name="Duration">How long.</param>
/// <param name="Step">Steps done before it.</param>
/// <param name="Rows">Rows of a whole step, of all ranks together; null of anything else.</param>
/// <param name="Bytes">Bytes of a collective operation on each rank; null of anything else.</param>
public readonly record struct TimelineSpan(int Rank, string Name, TimelineKind Kind, TimeSpan Start, TimeSpan Duration, long Step, long? Rows, long? Bytes)
{
    /// <summary>When it was over.</summary>
    public TimeSpan End => Start + Duration;
}
