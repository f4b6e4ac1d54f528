namespace Workbench.Evaluation;

/// <summary>A weighted mean of one value a row, and maybe a function of that mean, such as the root.</summary>
internal sealed class MeanStatistic(double[] values, Func<double, double>? of = null) : Statistic
{
    public override double? Of(ReadOnlySpan<double> weights)
    {
        double sum = 0, total = 0;
        for (int row = 0; row < values.Length; row++)
        {
            sum += weights[row] * values[row];
            total += weights[row];
        }
        return total > 0 ? of is null ? sum / total : of(sum / total) : null;
    }
}
