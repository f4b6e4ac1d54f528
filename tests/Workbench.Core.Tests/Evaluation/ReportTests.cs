using System.Text.Json;
using Workbench.Data;
using Workbench.Evaluation;
using Workbench.Features;

namespace Workbench.Core.Tests.Evaluation;

/// <summary>Expected values by hand, unless a test says otherwise; metrics themselves are compared with scikit-learn elsewhere.</summary>
public sealed class ReportTests
{
    // Two of a, two of b, none of c; rows 1 and 3 right, row 2 taken for b, row 4 for a.
    private static readonly float[] Probabilities = [.8f, .1f, .1f, .3f, .6f, .1f, .2f, .7f, .1f, .6f, .3f, .1f];
    private static readonly float[] Labels = [0, 0, 1, 1];

    [Fact]
    public void Multiclass_SmallTable_CountsByHand()
    {
        var report = MulticlassClassification.Evaluate(Probabilities, Labels, ["a", "b", "c"]);
        Assert.Equal((4, 0.5, 0.5), (report.Rows, report.Accuracy.Value, report.BalancedAccuracy!.Value));
        Assert.Equal([[1, 1, 0], [1, 1, 0], [0, 0, 0]], report.ConfusionMatrix);
        Assert.Equal([new("a", 2, 0.5, 0.5, 0.5), new("b", 2, 0.5, 0.5, 0.5), new("c", 0, null, null, null)], report.Classes);
        Assert.Null(report.RocAuc); // c has no row
        Assert.Equal(0.5, report.MacroF1!.Value); // c neither occurs nor was predicted
        Assert.Equal(-(Math.Log(.8) + Math.Log(.3) + Math.Log(.7) + Math.Log(.3)) / 4, report.LogLoss.Value, 6);
        Assert.InRange(report.Accuracy.Value, report.Accuracy.Lower, report.Accuracy.Upper);
        Assert.Contains("\"RocAuc\":null", JsonSerializer.Serialize(report));
    }

    /// <summary>The mean of n errors of variance s² has the standard error s / sqrt n: [1.96 s / sqrt n] either side, 0.006 here; 1,000 resamples leave a tenth of it.</summary>
    [Fact]
    public void Regression_EvenErrors_IntervalIsThatOfTheMean()
    {
        float[] labels = new float[3000];
        float[] predicted = [.. Enumerable.Range(0, 3000).Select(row => (row % 2 == 0 ? 1 : -1) * (1 + row % 3 * 0.2f))];
        var report = Regression.Evaluate(predicted, labels, bootstrapSamples: 1000);
        double half = 1.96 * Math.Sqrt(0.08 / 3) / Math.Sqrt(3000); // variance of 1, 1.2, 1.4
        Assert.Equal(1.2, report.Mae.Value, 6);
        Assert.Equal(half, report.Mae.Upper - report.Mae.Value, half / 8);
        Assert.Equal(half, report.Mae.Value - report.Mae.Lower, half / 8);
        Assert.Equal(0, report.MeanError, 6);
        Assert.Equal(0, report.R2!.Value); // the label is constant and was missed
    }

    [Fact]
    public void Reports_NoRows_AreRefused()
    {
        Assert.Contains("0 rows", Assert.Throws<DataException>(() => Regression.Evaluate([], [])).Message);
        Assert.Contains("0 rows", Assert.Throws<DataException>(() => MulticlassClassification.Evaluate([], [], ["a", "b"])).Message);
    }

    [Fact]
    public void Metrics_UnknownName_NamesTheNearestAndTheTask()
    {
        var unknown = Assert.Throws<ArgumentException>(() => Metrics.Find("acuracy", PredictionTask.Binary));
        Assert.Contains("Did you mean 'accuracy'?", unknown.Message);
        Assert.Contains("average_precision", unknown.Message);
        Assert.Contains("top_K_accuracy", Assert.Throws<ArgumentException>(() => Metrics.Find("top_0_accuracy", PredictionTask.Multiclass)).Message);
        Assert.Contains("these are Regression", Assert.Throws<ArgumentException>(() => Metrics.Default(PredictionTask.Binary).Compute(Predictions.Regression([1], [1]))).Message);
    }

    /// <summary>
    /// Scores .9 .8 .6 .4 .2 with labels 1 0 1 1 0. Costs false positive 1, false negative 5: from .4 on one false
    /// positive, cost 1; the others cost more. With costs 5 and 1: from .9 on two missed, cost 2.
    /// </summary>
    [Fact]
    public void ByCost_FiveRows_TakesTheCheapestThreshold()
    {
        float[] probabilities = [.9f, .8f, .6f, .4f, .2f], labels = [1, 0, 1, 1, 0];
        var many = ThresholdChoice.ByCost(probabilities, labels, falsePositiveCost: 1, falseNegativeCost: 5);
        Assert.Equal((0.4f, 0.2, new ConfusionMatrix(3, 1, 1, 0)), ((float)many.Threshold, many.CostPerRow, many.ConfusionMatrix));
        var few = ThresholdChoice.ByCost(probabilities, labels, falsePositiveCost: 5, falseNegativeCost: 1);
        Assert.Equal((0.9f, 0.4, new ConfusionMatrix(1, 0, 2, 2)), ((float)few.Threshold, few.CostPerRow, few.ConfusionMatrix));
        Assert.Equal((1d, 0.6), (ThresholdChoice.ByCost([.9f, .8f, .7f, .6f, .5f], [0, 0, 1, 1, 1], 9, 1) is var none ? none.Threshold : 0, none.CostPerRow));
        var metrics = new BinaryMetrics();
        metrics.Update(probabilities, labels);
        Assert.Equal(many, metrics.ChooseThreshold(1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThresholdChoice.ByCost(probabilities, labels, -1, 1));
    }

    /// <summary>Differences of lower-is-better metrics are turned round: a smaller error is a positive difference.</summary>
    [Fact]
    public void PairedBootstrap_SmallerError_IsAPositiveDifference()
    {
        float[] labels = [.. Enumerable.Range(0, 200).Select(row => (float)row)];
        var near = Predictions.Regression([.. labels.Select(label => label + 1)], labels);
        var far = Predictions.Regression([.. labels.Select(label => label - 3)], labels);
        Assert.Equal(new PairedDifference(2, 2, 2, 200, 1), PairedBootstrap.Compare(Metrics.Find("mae", PredictionTask.Regression), near, far));
        Assert.Null(PairedBootstrap.Compare(Metrics.Find("roc_auc", PredictionTask.Binary), Predictions.Binary([.1f, .2f], [0, 0]), Predictions.Binary([.1f, .2f], [0, 0])));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Compare(Metrics.Find("mae", PredictionTask.Regression), near, Predictions.Regression(labels, [.. labels.Reverse()])));
    }
}
