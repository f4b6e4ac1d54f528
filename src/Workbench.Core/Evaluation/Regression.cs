using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>Judges predicted numbers against labels.</summary>
/// <example><code>
/// var report = Regression.Evaluate(predicted, holdout.Labels);
/// Console.WriteLine($"{report.Rmse.Value:0.00} [{report.Rmse.Lower:0.00}, {report.Rmse.Upper:0.00}]");
/// </code></example>
public static class Regression
{
    private static readonly string[] Names = ["mae", "rmse", "r2", "mape", "smape"];

    /// <summary>Computes all metrics; intervals by percentile bootstrap over rows (Efron 1979).</summary>
    /// <param name="predicted">[N], finite.</param>
    /// <param name="labels">[N], finite.</param>
    /// <param name="bootstrapSamples">Number of resamples, at least 20; default 500.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or an argument is out of range.</exception>
    /// <exception cref="DataException">There are no rows, or a number is not finite.</exception>
    public static RegressionReport Evaluate(float[] predicted, float[] labels, int bootstrapSamples = 500, int seed = 0)
    {
        var predictions = Predictions.Regression(predicted, labels);
        var estimates = MetricIntervals.Estimate([.. Names.Select(name => Metrics.Find(name, PredictionTask.Regression))], predictions, bootstrapSamples, seed);
        return new()
        {
            Rows = predictions.Rows,
            Mae = estimates[0]!, Rmse = estimates[1]!, // all but R² are defined on any rows
            R2 = estimates[2],
            Mape = estimates[3]!, Smape = estimates[4]!,
            MeanError = predictions.Scores.Zip(predictions.Labels, (score, label) => score - label).Average(),
        };
    }
}
