using System.Text.Json;
using Workbench.Data;
using Workbench.Evaluation;

namespace Workbench.Core.Tests.Evaluation;

/// <summary>Expected values: scikit-learn 1.2.1 on the same numbers, unless a test says otherwise.</summary>
public class BinaryClassificationTests
{
    private static readonly float[] Probabilities = [.95f, .9f, .8f, .8f, .7f, .6f, .5f, .5f, .4f, .35f, .3f, .2f, .1f, .05f, 0f, 1f];
    private static readonly float[] Labels = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];

    // 300 rows that Python can make too: p = (37 i mod 100) / 100, label 1 where (53 i mod 97) / 97 < p.
    private static readonly float[] ManyProbabilities = [.. Enumerable.Range(0, 300).Select(i => i * 37 % 100 / 100f)];
    private static readonly float[] ManyLabels = [.. Enumerable.Range(0, 300).Select(i => i * 53 % 97 / 97.0 < i * 37 % 100 / 100.0 ? 1f : 0f)];

    [Fact]
    public void Evaluate_SmallTable_AgreesWithScikitLearn()
    {
        var report = BinaryClassification.Evaluate(Probabilities, Labels);
        Assert.Equal(new ConfusionMatrix(6, 3, 6, 1), report.ConfusionMatrix);
        Assert.Equal((16, 7), (report.Rows, report.Positives));
        Assert.Equal(0.75, report.Accuracy.Value, 12);
        Assert.Equal(0.6666666666666666, report.Precision!.Value, 12);
        Assert.Equal(0.8571428571428571, report.Recall!.Value, 12);
        Assert.Equal(0.75, report.F1!.Value, 12);
        Assert.Equal(0.873015873015873, report.RocAuc!.Value, 12);
        Assert.Equal(0.4341009734266209, report.LogLoss, 12);
        Assert.Equal(0.14796875482890767, report.Brier, 12);
    }

    [Fact]
    public void Evaluate_OtherThreshold_AgreesWithScikitLearn()
    {
        var report = BinaryClassification.Evaluate(Probabilities, Labels, threshold: 0.75);
        Assert.Equal(new ConfusionMatrix(4, 1, 8, 3), report.ConfusionMatrix);
        Assert.Equal(0.8, report.Precision!.Value, 12);
        Assert.Equal(0.5714285714285714, report.Recall!.Value, 12);
        Assert.Equal(0.6666666666666666, report.F1!.Value, 12);
    }

    /// <summary>Intervals: numpy with 20,000 resamples; 2,000 resamples leave about 0.003 of chance in a percentile.</summary>
    [Fact]
    public void Evaluate_ManyRows_IntervalsAgreeWithNumpy()
    {
        var report = BinaryClassification.Evaluate(ManyProbabilities, ManyLabels, bootstrapSamples: 2000, seed: 3);
        Assert.Equal(155, report.Positives);
        Assert.Equal(0.8273637374860957, report.RocAuc!.Value, 12);
        Assert.Equal(0.7366666666666667, report.Accuracy.Value, 12);
        Assert.Equal(0.509082944224015, report.LogLoss, 12);
        Assert.Equal(0.78029633, report.RocAuc.Lower, 0.008);
        Assert.Equal(0.87131095, report.RocAuc.Upper, 0.008);
        Assert.Equal(0.68211921, report.F1!.Lower, 0.012);
        Assert.Equal(0.79411978, report.F1.Upper, 0.012);
    }

    /// <summary>Resampled accuracy is Binomial(n, p) / n: 348/400 and 371/400 by scipy.stats.binom.ppf. One step is 1/400; two are allowed.</summary>
    [Fact]
    public void Evaluate_AccuracyInterval_IsBinomial()
    {
        float[] labels = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1f : 0f)];
        float[] probabilities = [.. labels.Select((label, i) => i < 40 ? 1 - label : label)];
        var accuracy = BinaryClassification.Evaluate(probabilities, labels, bootstrapSamples: 2000).Accuracy;
        Assert.Equal(0.9, accuracy.Value, 12);
        Assert.Equal(0.87, accuracy.Lower, 0.00501);
        Assert.Equal(0.9275, accuracy.Upper, 0.00501);
    }

    [Fact]
    public void Evaluate_SameSeed_SameReport()
    {
        Assert.Equal(BinaryClassification.Evaluate(ManyProbabilities, ManyLabels, seed: 5), BinaryClassification.Evaluate(ManyProbabilities, ManyLabels, seed: 5));
        Assert.NotEqual(BinaryClassification.Evaluate(ManyProbabilities, ManyLabels, seed: 5), BinaryClassification.Evaluate(ManyProbabilities, ManyLabels, seed: 6));
    }

    [Fact]
    public void Evaluate_OneClass_UndefinedMetricsAreNullAlsoInJson()
    {
        var report = BinaryClassification.Evaluate([0.1f, 0.2f, 0.3f], [0, 0, 0]);
        Assert.Null(report.RocAuc);
        Assert.Null(report.Precision);
        Assert.Null(report.Recall);
        Assert.Null(report.F1);
        Assert.Equal(new MetricEstimate(1, 1, 1), report.Accuracy);
        string json = JsonSerializer.Serialize(report);
        Assert.Contains("\"RocAuc\":null", json);
        Assert.Equal(report, JsonSerializer.Deserialize<BinaryClassificationReport>(json));
    }

    [Fact]
    public void Evaluate_ConstantProbabilities_HaveAucOneHalf() =>
        Assert.Equal(new MetricEstimate(0.5, 0.5, 0.5), BinaryClassification.Evaluate([.. Labels.Select(_ => 0.3f)], Labels).RocAuc);

    [Fact]
    public void Evaluate_BadInput_NamesTheRow()
    {
        Assert.Contains("row 2 is NaN", Assert.Throws<DataException>(() => BinaryClassification.Evaluate([0.5f, float.NaN], [0, 1])).Message);
        Assert.Contains("row 1 is 1.5", Assert.Throws<DataException>(() => BinaryClassification.Evaluate([1.5f], [1])).Message);
        Assert.Contains("label of row 2 is 2", Assert.Throws<DataException>(() => BinaryClassification.Evaluate([0.5f, 0.5f], [0, 2])).Message);
        Assert.Contains("0 rows", Assert.Throws<DataException>(() => BinaryClassification.Evaluate([], [])).Message);
        Assert.Throws<ArgumentException>(() => BinaryClassification.Evaluate([0.5f], [0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinaryClassification.Evaluate([0.5f], [1], threshold: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinaryClassification.Evaluate([0.5f], [1], bootstrapSamples: 1));
    }
}
