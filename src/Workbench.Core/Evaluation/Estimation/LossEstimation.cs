using Workbench.Data;

namespace Workbench.Evaluation.Estimation;

/// <summary>
/// Direct loss estimation (DLE; NannyML): a second model learns on the reference how large the first one's loss is on a row,
/// and the mean of what it expects estimates the metric. It knows the reference's labels, so that the reference's own
/// estimates are better than later ones.
/// </summary>
internal sealed class LossEstimation : PerformanceEstimation
{
    private readonly IReadOnlyList<LossMetric> _metrics;
    private readonly ErrorInputs _inputs;
    // One regressor a loss: a mean and its root share theirs.
    private readonly Dictionary<Func<double, double, double>, IErrorRegressor> _regressors = [];

    public LossEstimation(ServedPredictions reference, EstimationOptions options, CancellationToken cancellationToken)
    {
        var whole = new EstimationChunk("reference", 0, reference.Rows);
        bool isPositive = Enumerable.Range(0, reference.Rows).All(row => IsAboveMinusOne(reference, row));
        _metrics = Choose(options.Metrics, LossMetric.All.Where(metric => isPositive || !metric.NeedsPositive), LossMetric.All, reference.Task.ToString());
        if (!isPositive && _metrics.FirstOrDefault(metric => metric.NeedsPositive) is { } undefined)
            throw new DataException($"'{undefined.Name}' is defined for predictions and labels above -1, and the reference has others. Leave it out of Metrics.");
        _inputs = new(reference);
        float[] inputs = _inputs.Of(reference, whole);
        int[] rows = [.. Enumerable.Range(0, reference.Rows)];
        foreach (var loss in _metrics.Select(metric => metric.Loss).Distinct())
        {
            var regressor = options.ErrorRegressor?.Invoke() ?? new BoostedErrorRegressor(options.Seed);
            regressor.Fit(inputs, _inputs.Width, Losses(reference, rows, loss), cancellationToken);
            _regressors.Add(loss, regressor);
        }
        Errors = [.. _metrics.Select(metric => metric.Error(Losses(reference, rows, metric.Loss)))];
    }

    public override string Method => "DLE";
    public override IReadOnlyList<EstimatedMetric> Metrics => _metrics;
    public override IReadOnlyList<SamplingError?> Errors { get; }

    public override double?[] Estimate(ServedPredictions predictions, EstimationChunk chunk)
    {
        float[] inputs = _inputs.Of(predictions, chunk);
        var means = _regressors.ToDictionary(pair => pair.Key, pair => pair.Value.Predict(inputs).Average(loss => Math.Max(0, loss)));
        return [.. _metrics.Select(metric => (double?)metric.Of(means[metric.Loss]))];
    }

    public override double?[] Realise(ServedPredictions predictions, EstimationChunk chunk)
    {
        int[] rows = Labelled(predictions, chunk);
        return [.. _metrics.Select(metric => rows.Length == 0 || metric.NeedsPositive && !rows.All(row => IsAboveMinusOne(predictions, row))
            ? null
            : (double?)metric.Of(Losses(predictions, rows, metric.Loss).Average()))];
    }

    private static double[] Losses(ServedPredictions predictions, int[] rows, Func<double, double, double> loss) =>
        Array.ConvertAll(rows, row => loss(predictions.Scores[row], predictions.Labels[row]));

    private static bool IsAboveMinusOne(ServedPredictions predictions, int row) => predictions.Scores[row] > -1 && predictions.Labels[row] > -1;
}
