namespace Workbench.Registry;

/// <summary>One execution that was tracked: what went in and what came out, as it stood when it was read.</summary>
public sealed record ExperimentRun
{
    /// <summary>Id of the run.</summary>
    public required RunId Id { get; init; }
    /// <summary>Id of its experiment.</summary>
    public required string ExperimentId { get; init; }
    /// <summary>Display name; need not be unique.</summary>
    public required string Name { get; init; }
    /// <summary>Where the run stands.</summary>
    public required RunStatus Status { get; init; }
    /// <summary>Business time of its start.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>Business time of its end, or null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>What it was told, by name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
    /// <summary>The last value of each metric; <see cref="ModelRegistry.GetMetricHistoryAsync"/> has them all.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    /// <summary>Free notes, by name.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
