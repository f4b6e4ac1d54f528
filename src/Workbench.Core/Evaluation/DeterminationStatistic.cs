namespace Workbench.Evaluation;

/// <summary>R², the share of the labels' variance that is explained; see <see cref="RegressionMetrics.Determination"/>.</summary>
internal sealed class DeterminationStatistic(double[] predicted, double[] labels) : Statistic
{
    public override double? Of(ReadOnlySpan<double> weights)
    {
        double total = 0, mean = 0, residual = 0, spread = 0;
        int rows = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            total += weights[row];
            mean += weights[row] * labels[row];
            residual += weights[row] * RowValues.Square(labels[row] - predicted[row]);
            rows += weights[row] > 0 ? 1 : 0;
        }
        mean /= total;
        for (int row = 0; row < labels.Length; row++)
            spread += weights[row] * RowValues.Square(labels[row] - mean);
        return RegressionMetrics.Determination(rows, residual, spread);
    }
}
