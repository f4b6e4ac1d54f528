namespace Workbench.Training.Forecasting;

/// <summary>How forecasts from every possible moment of a series fit what came, beside the seasonal naive forecast. Errors are in the series' unit, of the median, over all steps.</summary>
public sealed record ForecastReport
{
    /// <summary>Moments that were forecast from.</summary>
    public required int Forecasts { get; init; }
    /// <summary>Mean absolute error.</summary>
    public required double Mae { get; init; }
    /// <summary>Root of the mean squared error.</summary>
    public required double Rmse { get; init; }
    /// <summary>Mean absolute error of the seasonal naive forecast.</summary>
    public required double NaiveMae { get; init; }
    /// <summary>Root of the mean squared error of the seasonal naive forecast.</summary>
    public required double NaiveRmse { get; init; }
    /// <summary>Share of values between the lowest and the highest quantile, 0 to 1.</summary>
    public required double Coverage { get; init; }
    /// <summary>Share that should lie between them: the highest quantile less the lowest.</summary>
    public required double NominalCoverage { get; init; }
    /// <summary>Mean pinball loss over all quantiles, in the series' unit. Lower is better.</summary>
    public required double Pinball { get; init; }
}
