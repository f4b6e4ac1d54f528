namespace Workbench.Monitoring;

/// <summary>What the last evaluation of a rule found.</summary>
public sealed record AlertStatus
{
    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>The champion that was looked at, or null when there is none.</summary>
    public required int? Version { get; init; }
    /// <summary>Where the alert stands.</summary>
    public required AlertState State { get; init; }
    /// <summary>Since when the threshold is crossed, or null.</summary>
    public required DateTimeOffset? ActiveAt { get; init; }
    /// <summary>When it fired, or null; kept when resolved.</summary>
    public required DateTimeOffset? FiredAt { get; init; }
    /// <summary>Value of the metric, or null when there is none.</summary>
    public required double? Value { get; init; }
    /// <summary>Labelled rows behind the value.</summary>
    public required long Rows { get; init; }
    /// <summary>Business time of the evaluation.</summary>
    public required DateTimeOffset EvaluatedAt { get; init; }
    /// <summary>Why there is no data, or an empty string.</summary>
    public required string Note { get; init; }
}
