using Workbench.Data;
using Workbench.Evaluation;

namespace Workbench.Monitoring;

/// <summary>How well a model did in a stretch of time, as far as its labels were known at a moment.</summary>
public sealed record PerformanceWindow
{
    private const int MostBuckets = 10_000;

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>The version, or null for all versions together.</summary>
    public required int? Version { get; init; }
    /// <summary>Start of the stretch.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>End of the stretch.</summary>
    public required DateTimeOffset To { get; init; }
    /// <summary>Labels that arrived later do not count.</summary>
    public required DateTimeOffset AsOf { get; init; }
    /// <summary>What was counted.</summary>
    public required OutcomeCounts Counts { get; init; }

    /// <inheritdoc cref="OutcomeCounts.Predictions"/>
    public long Predictions => Counts.Predictions;
    /// <inheritdoc cref="OutcomeCounts.Labelled"/>
    public long Labelled => Counts.Labelled;
    /// <inheritdoc cref="OutcomeCounts.Pending"/>
    public long Pending => Counts.Pending;
    /// <inheritdoc cref="OutcomeCounts.Accuracy"/>
    public double? Accuracy => Counts.Accuracy;
    /// <inheritdoc cref="OutcomeCounts.Precision"/>
    public double? Precision => Counts.Precision;
    /// <inheritdoc cref="OutcomeCounts.Recall"/>
    public double? Recall => Counts.Recall;
    /// <inheritdoc cref="OutcomeCounts.MeanLabelDelay"/>
    public TimeSpan? MeanLabelDelay => Counts.MeanLabelDelay;

    /// <summary>A metric with its 95 % interval; null when the counts do not define it. See <see cref="PerformanceMetric.Estimate"/>.</summary>
    /// <param name="metric">One of <see cref="PerformanceMetric.Known"/>.</param>
    /// <exception cref="ArgumentException">The name is unknown; names the nearest.</exception>
    public MetricEstimate? Estimate(string metric) => PerformanceMetric.Estimate(metric, Counts);

    /// <summary>The predictions made in [<paramref name="from"/>, <paramref name="to"/>), with the labels known at <paramref name="asOf"/>.</summary>
    /// <param name="folder">The installation's folder.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">A version, or null for all.</param>
    /// <param name="from">First moment of the predictions.</param>
    /// <param name="to">First moment after them.</param>
    /// <param name="asOf">Labels and predictions after this moment do not count.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> is not after <paramref name="from"/>.</exception>
    /// <exception cref="DataException">A file of the log is damaged.</exception>
    public static async Task<PerformanceWindow> ComputeAsync(
        DataFolder folder, string model, int? version, DateTimeOffset from, DateTimeOffset to, DateTimeOffset asOf,
        CancellationToken cancellationToken = default)
    {
        CheckOrder(from, to);
        var counts = await OutcomeQuery.CountAsync(folder, model, new(version, from, to, null, asOf), cancellationToken);
        return new PerformanceWindow { Model = model, Version = version, From = from, To = to, AsOf = asOf, Counts = counts };
    }

    /// <summary>
    /// The predictions whose label arrived in (<paramref name="after"/>, <paramref name="upTo"/>], whenever they were made:
    /// what an alert rule looks at, because a label may come weeks after its prediction.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="upTo"/> is not after <paramref name="after"/>.</exception>
    /// <exception cref="DataException">A file of the log is damaged.</exception>
    public static async Task<PerformanceWindow> ByLabelArrivalAsync(
        DataFolder folder, string model, int? version, DateTimeOffset after, DateTimeOffset upTo, CancellationToken cancellationToken = default)
    {
        CheckOrder(after, upTo);
        var counts = await OutcomeQuery.CountAsync(folder, model, new(version, null, null, after, upTo), cancellationToken);
        return new PerformanceWindow { Model = model, Version = version, From = after, To = upTo, AsOf = upTo, Counts = counts };
    }

    /// <summary>
    /// A window for each stretch of length <paramref name="bucket"/> from <paramref name="from"/> on, such as a day or a week,
    /// also those without predictions; the last one may be shorter.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The order is wrong, the bucket not positive, or there are over 10,000 buckets.</exception>
    /// <exception cref="DataException">A file of the log is damaged.</exception>
    public static async Task<IReadOnlyList<PerformanceWindow>> SeriesAsync(
        DataFolder folder, string model, int? version, DateTimeOffset from, DateTimeOffset to, DateTimeOffset asOf, TimeSpan bucket,
        CancellationToken cancellationToken = default)
    {
        CheckOrder(from, to);
        if (bucket <= TimeSpan.Zero || (to - from) / bucket > MostBuckets)
            throw new ArgumentOutOfRangeException(nameof(bucket), bucket, $"A series takes buckets above zero, and at most {MostBuckets} of them from {from:O} to {to:O}.");
        var counts = await OutcomeQuery.CountByBucketAsync(folder, model, new(version, from, to, null, asOf), bucket, cancellationToken);
        var windows = new List<PerformanceWindow>();
        for (var start = from; start < to; start += bucket)
            windows.Add(new PerformanceWindow
            {
                Model = model,
                Version = version,
                From = start,
                To = start + bucket < to ? start + bucket : to,
                AsOf = asOf,
                Counts = counts.GetValueOrDefault(windows.Count, new OutcomeCounts()),
            });
        return windows;
    }

    private static void CheckOrder(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
            throw new ArgumentOutOfRangeException(nameof(to), to, $"The end lies after the start {from:O}.");
    }
}
