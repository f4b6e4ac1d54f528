namespace Workbench.Training.Tuning;

/// <summary>A study in a line.</summary>
public sealed record StudySummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Which values are better.</summary>
    public required StudyDirection Direction { get; init; }
    /// <summary>When it was created, by the database's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Trials that have a value.</summary>
    public required int Completed { get; init; }
    /// <summary>Trials that were stopped early.</summary>
    public required int Pruned { get; init; }
    /// <summary>Trials that failed.</summary>
    public required int Failed { get; init; }
    /// <summary>Trials that run, or wait for another worker.</summary>
    public required int Running { get; init; }
    /// <summary>The best value, or null while no trial is completed.</summary>
    public double? BestValue { get; init; }
}
