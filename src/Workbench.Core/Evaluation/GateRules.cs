using System.Globalization;

namespace Workbench.Evaluation;

/// <summary>What a candidate must show before it may replace the champion. By default: better accuracy beyond chance on at least 200 rows.</summary>
public sealed record GateRules
{
    /// <summary>Name of the metric that decides; null (the default) for accuracy, or RMSE where numbers are predicted.</summary>
    public string? Metric { get; init; }
    /// <summary>Fewest labelled rows on which a difference counts; with fewer the gate is inconclusive. Default 200.</summary>
    public int MinimumRows { get; init; } = 200;
    /// <summary>What the lower end of the 95 % interval of the difference must exceed, in the metric's unit. Default 0: better beyond chance. Negative allows a candidate that is a little worse.</summary>
    public double MinimumImprovement { get; init; }
    /// <summary>The same as a share of the champion's value, such as 0.01; null (the default) for none. Where both are given both must hold.</summary>
    public double? MinimumRelativeImprovement { get; init; }
    /// <summary>Metrics with the values that the candidate itself must reach, champion or not. Default none.</summary>
    public IReadOnlyList<MetricThreshold> Thresholds { get; init; } = [];
    /// <summary>Columns whose slices must not fall: where the whole interval of the paired difference lies below minus the tolerance, the candidate is refused. Default none.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];
    /// <summary>Slices with fewer rows are not judged. Default 50.</summary>
    public int MinimumSliceRows { get; init; } = 50;
    /// <summary>How much worse, in the metric's unit, a slice may be. Default 0.</summary>
    public double SliceTolerance { get; init; }
    /// <summary>Longest median time of an answer for one row, or null (the default) for no limit.</summary>
    public TimeSpan? LatencyLimit { get; init; }
    /// <summary>Largest size of the model's file in bytes, or null (the default) for no limit.</summary>
    public long? SizeLimitBytes { get; init; }

    /// <summary>Every rule that lies outside its range; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        [.. Errors().Where(error => error.IsWrong).Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Name} is {error.Value}; {error.Allowed}."))];

    private IEnumerable<(bool IsWrong, string Name, object? Value, string Allowed)> Errors()
    {
        yield return (MinimumRows < 1, "minimumRows", MinimumRows, "at least 1 is needed");
        // Metrics of numbers have the label's unit, so that no bound but this makes sense for them.
        yield return (!double.IsFinite(MinimumImprovement) || (IsShare && Math.Abs(MinimumImprovement) > 1), "minimumImprovement", MinimumImprovement,
            IsShare ? "it is a share between -1 and 1" : "it is a finite number");
        yield return (MinimumRelativeImprovement is { } relative && !double.IsFinite(relative), "minimumRelativeImprovement", MinimumRelativeImprovement, "it is a finite share, such as 0.01");
        yield return (MinimumSliceRows < 1, "minimumSliceRows", MinimumSliceRows, "at least 1 is needed");
        yield return (!(SliceTolerance >= 0 && double.IsFinite(SliceTolerance)), "sliceTolerance", SliceTolerance, "it is a finite number of at least 0");
        yield return (LatencyLimit <= TimeSpan.Zero, "latencyLimit", LatencyLimit, "it is longer than 0");
        yield return (SizeLimitBytes <= 0, "sizeLimit", SizeLimitBytes, "it is at least 1 byte");
    }

    // Of the known metrics, those that may exceed 1.
    private bool IsShare => Metric is null || !(Metric is "mae" or "rmse" or "mape" or "smape" or "log_loss" or "brier" || Metric.StartsWith("pinball", StringComparison.Ordinal));
}
