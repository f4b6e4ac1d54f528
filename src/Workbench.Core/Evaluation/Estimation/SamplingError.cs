namespace Workbench.Evaluation.Estimation;

/// <summary>How far a metric on n rows lies from its expectation by chance, as learnt from the reference.</summary>
/// <param name="Variance">Of what one row adds to the metric.</param>
/// <param name="IsTotal">Whether the metric is a sum over the rows, and not a mean.</param>
internal readonly record struct SamplingError(double Variance, bool IsTotal = false)
{
    /// <summary>The standard error on <paramref name="rows"/> rows.</summary>
    public double Of(int rows) => Math.Sqrt(IsTotal ? Variance * rows : Variance / rows);
}
