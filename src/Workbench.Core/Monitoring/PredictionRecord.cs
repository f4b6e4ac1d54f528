namespace Workbench.Monitoring;

/// <summary>One answer of a served model.</summary>
public sealed record PredictionRecord
{
    /// <summary>Id of the request; a label that arrives later names it.</summary>
    public required string Id { get; init; }
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>Version that answered.</summary>
    public required int Version { get; init; }
    /// <summary>Business time of the answer.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>What was asked, by column: numbers, booleans (kept as 0 and 1), strings or null.</summary>
    public required IReadOnlyDictionary<string, object?> Inputs { get; init; }
    /// <summary>The model's score, such as the probability of class 1.</summary>
    public required double Score { get; init; }
    /// <summary>The class that was predicted, or null for a model without classes.</summary>
    public int? Label { get; init; }
}
