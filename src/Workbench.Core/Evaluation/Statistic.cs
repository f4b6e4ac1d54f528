namespace Workbench.Evaluation;

/// <summary>
/// A metric of given rows as a function of their weights. With weights of 1 it is the metric, with how often a row was
/// drawn it is a bootstrap resample, with 0 and 1 a slice. May keep buffers: one thread at a time.
/// </summary>
internal abstract class Statistic
{
    /// <summary>The metric, or null where the rows with weight do not define it.</summary>
    /// <param name="weights">[N], not negative.</param>
    public abstract double? Of(ReadOnlySpan<double> weights);
}
