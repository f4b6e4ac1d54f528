namespace Workbench.Evaluation;

/// <summary>Several metrics over the same bootstrap resamples.</summary>
internal static class MetricIntervals
{
    /// <summary>One estimate a metric; null where the rows do not define it.</summary>
    public static MetricEstimate?[] Estimate(IReadOnlyList<Metric> metrics, Predictions predictions, int samples, int seed) =>
        Estimate([.. metrics.Select(metric => metric.Of(predictions))], predictions.Rows, samples, seed);

    /// <summary>One estimate a statistic; null where the rows do not define it.</summary>
    public static MetricEstimate?[] Estimate(IReadOnlyList<Statistic> statistics, int rows, int samples, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, Bootstrap.MinimumSamples);
        var values = statistics.Select(statistic => statistic.Of(Bootstrap.Once(rows))).ToList();
        var resampled = statistics.Select(_ => new List<double>(samples + 1)).ToList();
        foreach (var times in Bootstrap.RowCounts(rows, samples, seed))
            for (int i = 0; i < statistics.Count; i++)
                if (values[i] is not null && statistics[i].Of(times) is { } value)
                    resampled[i].Add(value);
        return [.. values.Select((value, i) => value is { } defined ? Interval(defined, resampled[i]) : null)];
    }

    /// <summary>
    /// A resample may lack a class and with it the metric; it then says nothing about the interval. The rows themselves
    /// count as one more resample, so that there is always one.
    /// </summary>
    public static MetricEstimate Interval(double value, IEnumerable<double> resampled)
    {
        var (lower, upper) = Bootstrap.Interval([.. resampled, value]);
        return new(value, lower, upper);
    }
}
