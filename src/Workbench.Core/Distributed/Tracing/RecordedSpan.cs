namespace Workbench.Distributed.Tracing;

/// <summary>A span as it is recorded: times by <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>; <paramref name="Amount"/> is rows of a step and bytes of a collective operation.</summary>
internal readonly record struct RecordedSpan(string Name, TimelineKind Kind, long Began, long Ended, long Step, long Amount);
