namespace Workbench.Distributed.Launch;

/// <summary>Why an attempt cannot go on.</summary>
/// <param name="Kind">What is told of each rank at fault.</param>
/// <param name="Reason">In words.</param>
/// <param name="IsFinal">Whether it would happen again, so that nothing is started anew.</param>
/// <param name="Ranks">The ranks at fault; none when the launcher is.</param>
internal sealed record JobFault(JobEventKind Kind, string Reason, IReadOnlyList<int> Ranks, bool IsFinal = false);
