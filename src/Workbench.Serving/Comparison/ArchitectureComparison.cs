using System.Globalization;
using System.Text.Json.Serialization;
using Workbench.Charts;
using Workbench.Data;
using Workbench.Evaluation;
using Workbench.Features;

namespace Workbench.Serving.Comparison;

/// <summary>
/// Candidates on one split, with the same seeds and metric: what each is worth, and what it costs. Quality is the mean over
/// seeds, so that what wins is a way of training and not a lucky one.
/// </summary>
/// <example><code>
/// var data = ComparisonData.Split(TabularReader.Read("data/samples/churn/*.parquet", schema));
/// var comparison = ArchitectureComparison.Run(data,
///     [Candidate.Of("linear", new() { HiddenSizes = [], LearningRate = 0.02 }), Candidate.Of("64-32", new())],
///     new() { LatencyLimit = TimeSpan.FromMilliseconds(1) });
/// Console.WriteLine(comparison.Choice.Why);
/// </code></example>
public sealed record ArchitectureComparison
{
    /// <summary>Hash of the split, see <see cref="ComparisonData.SplitHash"/>.</summary>
    public required string SplitHash { get; init; }
    /// <summary>What is predicted.</summary>
    public required PredictionTask Task { get; init; }
    /// <summary>Name of the metric that decides.</summary>
    public required string Metric { get; init; }
    /// <summary>Which way it is better.</summary>
    public required MetricDirection Direction { get; init; }
    /// <summary>Rows learned from.</summary>
    public required int FittingRows { get; init; }
    /// <summary>Rows that said when to stop.</summary>
    public required int ValidationRows { get; init; }
    /// <summary>Rows judged by.</summary>
    public required int HoldoutRows { get; init; }
    /// <summary>The seeds.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }
    /// <summary>Name of the candidate that all are compared with.</summary>
    public required string Baseline { get; init; }
    /// <summary>Name of the candidate with the best quality, whatever it costs; null where the rows do not define the metric.</summary>
    public required string? Best { get; init; }
    /// <summary>The rules.</summary>
    public required ComparisonOptions Options { get; init; }
    /// <summary>Where it was measured: processor cores and system.</summary>
    public required string Machine { get; init; }
    /// <summary>The candidates in the order given.</summary>
    public required IReadOnlyList<CandidateResult> Candidates { get; init; }
    /// <summary>Which one to take.</summary>
    public required ComparisonChoice Choice { get; init; }

    /// <summary>Trains, judges, exports and times every candidate, one after the other.</summary>
    /// <exception cref="ArgumentException">The options are wrong, a name occurs twice, or the metric or baseline is unknown.</exception>
    /// <exception cref="DataException">The rows cannot be trained on, or an exported model answers otherwise than the trained one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    public static ArchitectureComparison Run(
        ComparisonData data, IReadOnlyList<Candidate> candidates, ComparisonOptions options,
        IProgress<ComparisonProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new ComparisonRun(data, candidates, options, progress).Run(cancellationToken);

    /// <summary>
    /// Among the candidates within a limit, the simplest (fewest parameters) that the paired bootstrap cannot tell from the best
    /// of them: with the same quality, fewer weights are cheaper to train, serve and explain.
    /// </summary>
    /// <param name="limit">Longest median time of an answer, or null for no limit.</param>
    /// <param name="batchSize">Rows an answer; one of those timed.</param>
    /// <exception cref="ArgumentException">The batch size was not timed.</exception>
    public ComparisonChoice Choose(TimeSpan? limit, int batchSize = 1) =>
        ComparisonRules.Choose(this, [.. Candidates.Where(one => limit is null || one.Latency(batchSize).Median <= limit)]);

    /// <summary>How much better one candidate is than another on the same rows, by paired bootstrap; null where the rows do not define the metric.</summary>
    /// <exception cref="ArgumentException">There is no such candidate.</exception>
    public PairedDifference? Against(string candidate, string other) =>
        PairedBootstrap.Compare(DecidingMetric, Find(candidate).Predictions, Find(other).Predictions, Options.BootstrapSamples, seed: 0);

    /// <summary>Quality over the median time of an answer, with intervals and the limit; candidates whose quality is not defined are left out.</summary>
    /// <param name="batchSize">Rows an answer; one of those timed.</param>
    /// <exception cref="ArgumentException">The batch size was not timed, or there is no candidate to draw.</exception>
    public PlotlyFigure ToFigure(int batchSize = 1)
    {
        var drawn = Candidates.Where(one => one.Quality is not null).Select(one => new ChartSeries(
            string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {one.Parameters:N0} parameters"), [one.Latency(batchSize).Median.TotalMilliseconds], [one.Quality!.Value]) // filtered above
        { Intervals = [(one.Quality.Lower, one.Quality.Upper)] }).ToList();
        var figure = Chart.Scatter($"{Metric} and latency", $"time of an answer, batch {batchSize} (ms, median)", string.Create(CultureInfo.InvariantCulture, $"{Metric} on {HoldoutRows:N0} held-out rows"), drawn);
        return Options.LatencyLimit is { } limit && !Options.LimitsP99 && Options.LimitedBatchSize == batchSize ? figure.WithEvent(limit.TotalMilliseconds, "limit") : figure;
    }

    [JsonIgnore]
    internal Metric DecidingMetric => Metrics.Find(Metric, Task);

    internal CandidateResult Find(string name) => Candidates.FirstOrDefault(one => one.Name == name)
        ?? throw new ArgumentException($"There is no candidate '{name}'.{Suggestion.DidYouMean(name, Candidates.Select(one => one.Name))} Known: {string.Join(", ", Candidates.Select(one => one.Name))}.", nameof(name));
}
