namespace Workbench.Training.Forecasting;

/// <summary>What <c>model.json</c> of a forecaster holds: everything but its weights.</summary>
internal sealed record ForecastModelCard
{
    public const string Format = "workbench.forecast/1";

    public required float Mean { get; init; }
    public required float Deviation { get; init; }
    public required ForecastOptions Options { get; init; }
    public required string TrainedOn { get; init; }
    public required IReadOnlyList<EpochResult> History { get; init; }
    public required int BestEpoch { get; init; }
    public required string WeightsHash { get; init; }
}
