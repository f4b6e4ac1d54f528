namespace Workbench.Evaluation;

/// <summary>What the gate judges by.</summary>
public sealed record GateEvidence
{
    /// <summary>Name of the candidate in messages, such as <c>v3</c>.</summary>
    public required string Candidate { get; init; }
    /// <summary>What it says of rows that it was not trained on.</summary>
    public required Predictions Predictions { get; init; }
    /// <summary>Name of the champion, or null when there is none yet.</summary>
    public string? Champion { get; init; }
    /// <summary>What the champion says of the same rows; null when there is none.</summary>
    public Predictions? ChampionPredictions { get; init; }
    /// <summary>The columns that <see cref="GateRules.Slices"/> names, for the same rows.</summary>
    public IReadOnlyList<SliceColumn> Slices { get; init; } = [];
    /// <summary>Median time of the candidate's answer for one row; needed where the rules limit it.</summary>
    public TimeSpan? Latency { get; init; }
    /// <summary>Size of the candidate's file; needed where the rules limit it.</summary>
    public long? SizeBytes { get; init; }
}
