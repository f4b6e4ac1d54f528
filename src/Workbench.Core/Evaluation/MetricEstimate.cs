namespace Workbench.Evaluation;

/// <summary>A metric on the rows seen, and the 95 % interval in which it would lie on other rows of the same kind.</summary>
/// <param name="Value">On the rows themselves.</param>
/// <param name="Lower">Lower end: the 2.5 % percentile over bootstrap resamples of the rows, or as the method that made it says.</param>
/// <param name="Upper">Upper end: the 97.5 % percentile.</param>
public sealed record MetricEstimate(double Value, double Lower, double Upper);
