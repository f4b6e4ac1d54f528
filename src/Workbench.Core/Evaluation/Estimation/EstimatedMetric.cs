namespace Workbench.Evaluation.Estimation;

/// <summary>A metric that can be estimated: its name and the least and most it can be, null for no bound.</summary>
internal record EstimatedMetric(string Name, double? Least, double? Most)
{
    public double Clamp(double value) => Math.Min(Most ?? double.PositiveInfinity, Math.Max(Least ?? double.NegativeInfinity, value));
}
