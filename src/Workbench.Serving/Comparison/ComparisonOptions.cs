using System.Globalization;

namespace Workbench.Serving.Comparison;

/// <summary>The rules of a comparison, the same for every candidate.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Trainings a candidate, 1 to 100. Default 3.</summary>
    public int Seeds { get; init; } = 3;
    /// <summary>The first seed; the next ones follow. Not negative. Default 42.</summary>
    public long FirstSeed { get; init; } = 42;
    /// <summary>Name of the metric that decides; null (the default) for accuracy, or RMSE where numbers are predicted.</summary>
    public string? Metric { get; init; }
    /// <summary>Name of the candidate that all are compared with; null (the default) for the first.</summary>
    public string? Baseline { get; init; }
    /// <summary>Longest time of an answer, or null (the default) for no limit.</summary>
    public TimeSpan? LatencyLimit { get; init; }
    /// <summary>Whether the limit is on the 99th percentile instead of the median, which says less of how busy the machine was.</summary>
    public bool LimitsP99 { get; init; }
    /// <summary>Batch size that the limit is for; one of <see cref="BatchSizes"/>. Default 1.</summary>
    public int LimitedBatchSize { get; init; } = 1;
    /// <summary>Batch sizes that are timed. Default 1 and 32.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [1, 32];
    /// <summary>Timed calls a batch size, at least 20; fewer where they take longer than a second. Default 1000.</summary>
    public int LatencyCalls { get; init; } = 1000;
    /// <summary>Bootstrap resamples, at least 20. Default 1000.</summary>
    public int BootstrapSamples { get; init; } = 1000;
    /// <summary>Price of one core for one hour, in any currency, at least 0. Default 0.05.</summary>
    public double CoreHourPrice { get; init; } = 0.05;

    /// <summary>Every setting that lies outside its range; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() => [.. Errors().Where(error => error.IsWrong)
        .Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Name} is {error.Value}; allowed is {error.Allowed}."))];

    private IEnumerable<(bool IsWrong, string Name, object Value, string Allowed)> Errors()
    {
        yield return (Seeds is < 1 or > 100, nameof(Seeds), Seeds, "1 to 100");
        yield return (FirstSeed < 0, nameof(FirstSeed), FirstSeed, "0 or more");
        yield return (LatencyLimit <= TimeSpan.Zero, nameof(LatencyLimit), LatencyLimit ?? default, "more than 0");
        yield return (BatchSizes.Count == 0 || BatchSizes.Any(size => size < 1), nameof(BatchSizes), $"[{string.Join(", ", BatchSizes)}]", "at least one size, each at least 1");
        yield return (!BatchSizes.Contains(LimitedBatchSize), nameof(LimitedBatchSize), LimitedBatchSize, $"one of [{string.Join(", ", BatchSizes)}]");
        yield return (LatencyCalls < 20, nameof(LatencyCalls), LatencyCalls, "20 or more");
        yield return (BootstrapSamples < 20, nameof(BootstrapSamples), BootstrapSamples, "20 or more");
        yield return (!(CoreHourPrice >= 0 && double.IsFinite(CoreHourPrice)), nameof(CoreHourPrice), CoreHourPrice, "0 or more");
    }
}
