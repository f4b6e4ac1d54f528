using Workbench.Distributed;
using Workbench.Distributed.Tracing;

namespace Workbench.Training;

/// <summary>
/// How a <see cref="TrainingLoop"/> trains on several ranks. Every rank reads the same batches and takes its part of each, so
/// that N ranks take the steps that one would take, whatever N is, and go on from each other's checkpoints.
/// </summary>
public sealed record DistributedTrainingOptions
{
    /// <summary>Who trains together. Default <see cref="Collective.Current"/>: the job's ranks, or this process alone.</summary>
    public ICollective Ranks { get; init; } = Collective.Current;
    /// <summary>How gradients travel.</summary>
    public DataParallelOptions Gradients { get; init; } = new();
    /// <summary>Whether each rank keeps and computes the optimizer's state for a part of the parameters only (ZeRO stage 1, Rajbhandari et al. 2020): 1/N of the memory. Checkpoints hold the whole. Default false.</summary>
    public bool ShardsOptimizer { get; init; }
    /// <summary>Parts that each rank computes its share of a batch in, one after the other; null (the default) as many as keep the memory of a step when the job goes on with fewer ranks than it began with.</summary>
    public int? PartsPerRank { get; init; }

    /// <summary>Files of a timeline: what each rank did when, from data and forward to each bucket's all-reduce and checkpoints. Null (the default) records none; the same on every rank.</summary>
    public TimelineOptions? Timeline { get; init; }

    internal int Parts => PartsPerRank ?? (Collective.SizeAtStart + Ranks.Size - 1) / Ranks.Size;

    internal IEnumerable<string> Validate() =>
        PartsPerRank is null or >= 1 ? Gradients.Validate() : [.. Gradients.Validate(), $"{nameof(PartsPerRank)} is {PartsPerRank}; allowed is null or at least 1."];
}
