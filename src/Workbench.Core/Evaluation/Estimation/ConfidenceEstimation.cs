using Workbench.Features;

namespace Workbench.Evaluation.Estimation;

/// <summary>
/// Confidence-based performance estimation (CBPE; NannyML, see Kivimäki et al. 2025, Machine Learning 114): a calibrated
/// probability is the chance that the row is of the class, and a metric's expectation follows from these chances. Right as
/// long as the inputs only shift; a changed relation of inputs and labels cannot be seen without labels.
/// </summary>
internal sealed class ConfidenceEstimation : PerformanceEstimation
{
    private readonly IReadOnlyList<ClassMetric> _metrics;

    public ConfidenceEstimation(ServedPredictions reference, EstimationOptions options)
    {
        bool isBinary = reference.Task == PredictionTask.Binary;
        var known = new ClassMetrics(reference.Classes, isBinary, options);
        _metrics = Choose(options.Metrics, known.Default, known.Known, reference.Task.ToString());
        Calibrations = [.. Enumerable.Range(isBinary ? 1 : 0, isBinary ? 1 : reference.Classes).Select(c => Calibrate(reference, c, options))];
        var rows = Labelled(reference, [.. Enumerable.Range(0, reference.Rows)]);
        Errors = [.. _metrics.Select(metric => metric.Error(rows))];
    }

    public override string Method => "CBPE";
    public override IReadOnlyList<EstimatedMetric> Metrics => _metrics;
    public override IReadOnlyList<SamplingError?> Errors { get; }
    /// <summary>One of class 1 where there are two classes, else one a class; null where the scores come true as they are.</summary>
    public IReadOnlyList<IScoreCalibration?> Calibrations { get; }

    public override double?[] Estimate(ServedPredictions predictions, EstimationChunk chunk) => Values(Expected(predictions, chunk));

    public override double?[] Realise(ServedPredictions predictions, EstimationChunk chunk) =>
        Labelled(predictions, chunk) is { Length: > 0 } rows ? Values(Labelled(predictions, rows)) : new double?[_metrics.Count];

    private double?[] Values(ExpectedRows rows) => [.. _metrics.Select(metric => metric.Value(rows))];

    private static IScoreCalibration? Calibrate(ServedPredictions reference, int c, EstimationOptions options)
    {
        double[] scores = [.. Enumerable.Range(0, reference.Rows).Select(row => reference.Row(row)[c])];
        bool[] positive = [.. reference.Labels.Select(label => label == c)];
        return options.CalibrateAlways || ScoreCalibrations.IsNeeded(options.Calibration, scores, positive, options.Seed)
            ? ScoreCalibrations.Fit(options.Calibration, scores, positive)
            : null;
    }

    private ExpectedRows Expected(ServedPredictions predictions, EstimationChunk chunk)
    {
        int classes = predictions.Classes;
        var (scores, truth) = (new double[chunk.Rows * classes], new double[chunk.Rows * classes]);
        for (int i = 0; i < chunk.Rows; i++)
        {
            var row = predictions.Row(chunk.First + i);
            row.CopyTo(scores.AsSpan(i * classes));
            Probabilities(row, truth.AsSpan(i * classes, classes));
        }
        return Rows(predictions, scores, truth);
    }

    private void Probabilities(ReadOnlySpan<double> scores, Span<double> chances)
    {
        if (Calibrations.Count == 1)
        {
            chances[1] = Calibrations[0]?.Apply(scores[1]) ?? scores[1];
            chances[0] = 1 - chances[1];
            return;
        }
        double sum = 0;
        for (int c = 0; c < scores.Length; c++)
            sum += chances[c] = Calibrations[c]?.Apply(scores[c]) ?? scores[c];
        for (int c = 0; c < scores.Length; c++)
            chances[c] = sum > 0 ? chances[c] / sum : 1.0 / scores.Length;
    }

    private static ExpectedRows Labelled(ServedPredictions predictions, int[] rows)
    {
        int classes = predictions.Classes;
        var (scores, truth) = (new double[rows.Length * classes], new double[rows.Length * classes]);
        for (int i = 0; i < rows.Length; i++)
        {
            predictions.Row(rows[i]).CopyTo(scores.AsSpan(i * classes));
            truth[i * classes + (int)predictions.Labels[rows[i]]] = 1;
        }
        return Rows(predictions, scores, truth);
    }

    private static ExpectedRows Rows(ServedPredictions predictions, double[] scores, double[] truth) =>
        new(predictions.Classes, predictions.Threshold, predictions.Task == PredictionTask.Binary, scores, truth);
}
