using System.Text.Json.Nodes;
using Workbench.Evaluation;
using Workbench.Evaluation.Estimation;
using Workbench.Features;

namespace Workbench.Core.Tests.Evaluation.Estimation;

/// <summary>All that is estimated against an independent computation; see <see cref="EstimationPython"/>.</summary>
public sealed class EstimationComparisonTests
{
    private const double SameSums = 1e-9;
    // Scikit-learn stops its search for the sigmoid earlier than we do.
    private const double SigmoidSearch = 2e-4;

    [Fact]
    public void Estimate_BinaryMulticlassAndCalibration_AgreeWithPython()
    {
        EstimationPython.Require();
        var (rp, ry) = Scored.Binary(1, 3000, shift: 0);
        var (p, _) = Scored.Binary(2, 400, shift: 0.7);
        var (mp, my) = Scored.Multiclass(3, 3000, shift: 0);
        var (q, _) = Scored.Multiclass(4, 300, shift: 0.5);
        double[,] worth = { { 1, -5 }, { -20, 12 } };
        double[] x = [.. rp.Take(700).Select(value => Math.Round(value, 2))], grid = [.. Enumerable.Range(1, 199).Select(i => i / 200.0)];
        x = [.. x.Select(value => Math.Clamp(value, 0.01, 0.99))]; // many ties, and the logit is finite

        var answers = EstimationPython.Ask(
            new { kind = "binary", rp = Exact(rp), ry, p = Exact(p), threshold = 0.4, values = worth.Cast<double>() },
            new { kind = "multiclass", rp = Exact(mp), ry = my, p = Exact(q), classes = 3 },
            new { kind = "calibrate", x, y = ry.Take(700), grid });

        var options = new EstimationOptions { CalibrateAlways = true, BusinessValues = worth, Metrics = [.. PerformanceEstimator.Known(PredictionTask.Binary)] };
        Same(answers[0], PerformanceEstimator.Fit(Predictions.Binary(rp, ry, 0.4), options).Estimate(ServedPredictions.Binary(p, threshold: 0.4), EstimationChunks.OfNumber(p.Length, 1)));
        options = new() { CalibrateAlways = true, Metrics = [.. PerformanceEstimator.Known(PredictionTask.Multiclass, 3).Except(["business_value"])] };
        Same(answers[1], PerformanceEstimator.Fit(Predictions.Multiclass(mp, my, 3), options).Estimate(ServedPredictions.Multiclass(q, 3), EstimationChunks.OfNumber(300, 1)));

        bool[] positive = [.. ry.Take(700).Select(label => label == 1)];
        var (isotonic, platt) = (IsotonicCalibration.Fit(x, positive), PlattCalibration.Fit(x, positive));
        for (int i = 0; i < grid.Length; i++)
        {
            Assert.Equal((double)answers[2]["isotonic"]![i]!, isotonic.Apply(grid[i]), SameSums);
            Assert.Equal((double)answers[2]["platt"]![i]!, platt.Apply(grid[i]), SigmoidSearch);
        }
    }

    // A float's shortest text is not the same number as a double.
    private static double[] Exact(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static void Same(JsonObject expected, EstimatedPerformance estimate)
    {
        foreach (var (name, value) in expected["values"]!.AsObject())
            Close(name, (double)value!, estimate[name].Chunks[0].Value!.Value);
        foreach (var (name, value) in expected["errors"]!.AsObject())
            Close("standard error of " + name, (double)value!, estimate[name].Chunks[0].SamplingError!.Value);
        foreach (var (name, value) in expected["thresholds"]!.AsObject())
        {
            Close("lower threshold of " + name, (double)value![0]!, estimate[name].LowerThreshold!.Value);
            Close("upper threshold of " + name, (double)value[1]!, estimate[name].UpperThreshold!.Value);
        }
        // Everything but what needs random resamples was compared.
        Assert.Equal(["mcc"], estimate.Metrics.Select(metric => metric.Name).Except(expected["values"]!.AsObject().Select(pair => pair.Key)).Append("mcc").Distinct());
    }

    private static void Close(string what, double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= SameSums * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, Python has {expected:R}");
}
