using Workbench.Data;
using Workbench.Drift.Causes;
using Workbench.Features;

namespace Workbench.Evaluation.Estimation;

/// <summary>
/// Estimates how well a model does before labels arrive, from a reference whose labels are known and that the model was not
/// trained on. Classes by calibrated confidence (CBPE), numbers by a second model of the error (DLE). Both see a shift of
/// the inputs; neither can see that the same inputs have come to mean something else, for which the stream detectors on
/// arriving labels are. Thread-safe once fitted.
/// </summary>
/// <example><code>
/// var estimator = PerformanceEstimator.Fit(Predictions.Binary(probabilities, labels));
/// var estimate = estimator.Estimate(ServedPredictions.Binary(current), EstimationChunks.OfTime(times, TimeSpan.FromDays(7)));
/// foreach (var week in estimate["roc_auc"].Chunks)
///     Console.WriteLine($"{week.Chunk}  {week.Value:0.000} [{week.Lower:0.000}, {week.Upper:0.000}]{(week.IsAlert ? "  alert" : "")}");
/// </code></example>
public sealed class PerformanceEstimator
{
    /// <summary>The band is this many standard errors wide on each side, as NannyML's.</summary>
    private const double BandErrors = 3;
    private const int ReferenceParts = 10;

    private readonly ServedPredictions _reference;
    private readonly PerformanceEstimation _estimation;
    private readonly IReadOnlyList<(double? Lower, double? Upper)> _thresholds;
    private readonly IReadOnlyList<IReadOnlyList<ChunkEstimate>> _ofReference;

    private PerformanceEstimator(ServedPredictions reference, PerformanceEstimation estimation, EstimationOptions options)
    {
        (_reference, _estimation) = (reference, estimation);
        var chunks = options.ReferenceChunks ?? EstimationChunks.OfNumber(reference.Rows, ReferenceParts);
        EstimationChunks.Check(chunks, reference.Rows);
        _thresholds = Thresholds(chunks, options);
        _ofReference = Values(reference, chunks);
    }

    /// <summary>Of class 1 where there are two classes, one a class where there are several, none for numbers; null where the scores come true as they are.</summary>
    public IReadOnlyList<IScoreCalibration?> Calibrations => (_estimation as ConfidenceEstimation)?.Calibrations ?? [];

    /// <summary>Names of what can be estimated.</summary>
    /// <param name="task">The task.</param>
    /// <param name="classes">Number of classes of a multiclass task.</param>
    public static IReadOnlyList<string> Known(PredictionTask task, int classes = 2) => task == PredictionTask.Regression
        ? [.. LossMetric.All.Select(metric => metric.Name)]
        : [.. new ClassMetrics(classes, task == PredictionTask.Binary, new() { BusinessValues = new double[classes, classes] }).Known.Select(metric => metric.Name)];

    /// <summary>Learns calibration or errors, sampling errors and thresholds.</summary>
    /// <param name="reference">Rows of a time when the model did well, all labelled, that it was not trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Stops the learning.</param>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    /// <exception cref="DataException">A row of the reference has no label, or its numbers do not define a metric that was asked for.</exception>
    public static PerformanceEstimator Fit(ServedPredictions reference, EstimationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check(reference.Classes);
        int unknown = Array.FindIndex(reference.Labels, double.IsNaN);
        if (unknown >= 0)
            throw new DataException($"Row {unknown + 1:N0} of the reference has no label; {reference.Labelled:N0} of {reference.Rows:N0} rows have one. Leave out rows without.");
        PerformanceEstimation estimation = reference.Task == PredictionTask.Regression
            ? new LossEstimation(reference, options, cancellationToken)
            : new ConfidenceEstimation(reference, options);
        return new(reference, estimation, options);
    }

    /// <summary>The metrics over chunks of rows; labels that are known are used for the realised values only.</summary>
    /// <param name="current">Rows of the same model, in the order of time.</param>
    /// <param name="chunks">What is judged together; null for ten of the same size.</param>
    /// <exception cref="ArgumentException">The rows are of another task or other classes than the reference, or a chunk does not fit.</exception>
    /// <exception cref="DataException">The inputs of a regression are not those of the reference.</exception>
    public EstimatedPerformance Estimate(ServedPredictions current, IReadOnlyList<EstimationChunk>? chunks = null)
    {
        if (current.Task != _reference.Task || current.Classes != _reference.Classes)
            throw new ArgumentException($"The reference holds {_reference.Task} predictions of {_reference.Classes} classes, and these are {current.Task} of {current.Classes}. Give predictions of the same model.", nameof(current));
        if (current.Threshold != _reference.Threshold)
            throw new ArgumentException($"The reference predicts 1 from {_reference.Threshold} on and these rows from {current.Threshold} on. Use one threshold.", nameof(current));
        chunks ??= EstimationChunks.OfNumber(current.Rows, ReferenceParts);
        EstimationChunks.Check(chunks, current.Rows);
        var values = Values(current, chunks);
        return new()
        {
            Task = current.Task,
            Method = _estimation.Method,
            Metrics = [.. _estimation.Metrics.Select((metric, i) => new MetricEstimates
            {
                Name = metric.Name, LowerThreshold = _thresholds[i].Lower, UpperThreshold = _thresholds[i].Upper, Reference = _ofReference[i], Chunks = values[i],
            })],
        };
    }

    /// <summary>
    /// Each row's chance that its prediction is right, by the calibrated score: a quantity whose change
    /// <see cref="DriftCauses"/> explains, so that a fall of the estimated accuracy gets columns and slices. Its mean over rows
    /// is the estimated accuracy.
    /// </summary>
    /// <param name="column">Column of the scores of class 1, in [0, 1]; other values leave the row out.</param>
    /// <exception cref="InvalidOperationException">The predictions are not binary.</exception>
    /// <example><code>
    /// var causes = DriftCauses.Find(reference, current, new() { Quantities = [estimator.ExpectedAccuracy("score")] });
    /// </code></example>
    public CauseQuantity ExpectedAccuracy(string column)
    {
        if (_reference.Task != PredictionTask.Binary)
            throw new InvalidOperationException($"The chance that a row is predicted right follows from one score for binary predictions only, and these are {_reference.Task}. Explain a column of the model's confidence or error instead.");
        var calibration = Calibrations[0];
        double threshold = _reference.Threshold;
        return new(column)
        {
            Name = "estimated accuracy",
            Transform = score =>
            {
                if (score is not (>= 0 and <= 1))
                    return double.NaN;
                double chance = calibration?.Apply(score) ?? score;
                return score >= threshold ? chance : 1 - chance;
            },
        };
    }

    /// <summary>One list a metric.</summary>
    private IReadOnlyList<IReadOnlyList<ChunkEstimate>> Values(ServedPredictions predictions, IReadOnlyList<EstimationChunk> chunks)
    {
        var ofChunks = chunks.Select(chunk => (
            Chunk: chunk, Estimated: _estimation.Estimate(predictions, chunk), Realised: _estimation.Realise(predictions, chunk),
            Labelled: PerformanceEstimation.Labelled(predictions, chunk).Length)).ToList();
        return [.. _estimation.Metrics.Select((_, i) => (IReadOnlyList<ChunkEstimate>)[.. ofChunks.Select(one => Judge(i, one.Chunk, one.Estimated[i], one.Realised[i], one.Labelled))])];
    }

    private ChunkEstimate Judge(int metric, EstimationChunk chunk, double? value, double? realised, int labelled)
    {
        var (lower, upper) = _thresholds[metric];
        var kind = _estimation.Metrics[metric];
        double? error = _estimation.Errors[metric]?.Of(chunk.Rows);
        return new()
        {
            Chunk = chunk.Name, First = chunk.First, Rows = chunk.Rows, Value = value, SamplingError = error,
            Lower = value is { } low && error is { } below ? kind.Clamp(low - BandErrors * below) : null,
            Upper = value is { } high && error is { } above ? kind.Clamp(high + BandErrors * above) : null,
            Realised = realised, Labelled = labelled, IsAlert = value < lower || value > upper,
        };
    }

    // From the realised values of the reference's chunks, as NannyML has it. One chunk alone has no spread to judge by.
    private IReadOnlyList<(double? Lower, double? Upper)> Thresholds(IReadOnlyList<EstimationChunk> chunks, EstimationOptions options)
    {
        if (options.Thresholds.Keys.FirstOrDefault(name => _estimation.Metrics.All(metric => metric.Name != name)) is { } stranger)
            throw new ArgumentException($"There is a threshold for '{stranger}', which is not estimated. Estimated are: {string.Join(", ", _estimation.Metrics.Select(metric => metric.Name))}.", nameof(options));
        var realised = chunks.Select(chunk => _estimation.Realise(_reference, chunk)).ToList();
        return [.. _estimation.Metrics.Select((metric, i) =>
        {
            if (options.Thresholds.TryGetValue(metric.Name, out var given))
                return given;
            double[] values = [.. realised.Select(one => one[i]).OfType<double>()];
            if (values.Length < 2)
                return default((double?, double?));
            double mean = values.Average(), distance = options.Deviations * Math.Sqrt(SamplingErrors.Variance(values.Length, k => values[k]));
            return (metric.Clamp(mean - distance), metric.Clamp(mean + distance));
        })];
    }
}
