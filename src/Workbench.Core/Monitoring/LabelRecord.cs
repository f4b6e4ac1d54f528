namespace Workbench.Monitoring;

/// <summary>The truth about an earlier prediction.</summary>
public sealed record LabelRecord
{
    /// <summary>Id of the request that was answered, <see cref="PredictionRecord.Id"/>.</summary>
    public required string Id { get; init; }
    /// <summary>Name of the model that answered.</summary>
    public required string Model { get; init; }
    /// <summary>The true class.</summary>
    public required int Value { get; init; }
    /// <summary>Business time at which the label became known. Of several labels of one id the latest counts.</summary>
    public required DateTimeOffset At { get; init; }
}
