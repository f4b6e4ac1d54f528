namespace Workbench.Evaluation.Estimation;

/// <summary>A metric of numbers: the mean of a loss over rows, or its root.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Loss">Of a prediction and a label.</param>
/// <param name="IsRoot">Whether the metric is the root of the mean.</param>
/// <param name="NeedsPositive">Whether predictions and labels must be above -1.</param>
internal sealed record LossMetric(string Name, Func<double, double, double> Loss, bool IsRoot = false, bool NeedsPositive = false) : EstimatedMetric(Name, 0, null)
{
    private static readonly Func<double, double, double> Squared = (predicted, label) => RowValues.Square(predicted - label);
    private static readonly Func<double, double, double> SquaredLog = (predicted, label) => RowValues.Square(Math.Log(1 + predicted) - Math.Log(1 + label));

    public static IReadOnlyList<LossMetric> All { get; } =
    [
        new("mae", (predicted, label) => Math.Abs(predicted - label)),
        new("mape", RowValues.PercentageError),
        new("mse", Squared),
        new("rmse", Squared, IsRoot: true),
        new("msle", SquaredLog, NeedsPositive: true),
        new("rmsle", SquaredLog, IsRoot: true, NeedsPositive: true),
    ];

    public double Of(double meanLoss) => IsRoot ? Math.Sqrt(meanLoss) : meanLoss;

    /// <summary>That of the mean; for a root by the delta method.</summary>
    public SamplingError? Error(double[] losses)
    {
        double variance = SamplingErrors.Variance(losses.Length, i => losses[i]), mean = losses.Average();
        return !IsRoot ? new(variance) : mean > 0 ? new(variance / (4 * mean)) : null;
    }
}
