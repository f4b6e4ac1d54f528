using Workbench.Data;
using Workbench.Evaluation;
using Workbench.Features;

namespace Workbench.Core.Tests.Evaluation;

/// <summary>Expected values by hand.</summary>
public sealed class SliceTests
{
    private static readonly Metric Accuracy = Metrics.Default(PredictionTask.Binary);

    // North: 90 rows, 81 right. South: 60 rows, 30 right. Two rows elsewhere.
    private static readonly SliceColumn Region = new("region", [.. Enumerable.Repeat("north", 90), .. Enumerable.Repeat("south", 60), "west", null]);

    private static Predictions Rows()
    {
        float[] labels = [.. Enumerable.Range(0, 152).Select(row => row % 2 == 0 ? 1f : 0f)];
        return Predictions.Binary([.. labels.Select((label, row) => row < 9 || (row >= 90 && row < 120) ? 1 - label : label)], labels);
    }

    [Fact]
    public void Evaluate_TwoRegions_FindsTheWorse()
    {
        var report = Slices.Evaluate(Accuracy, Rows(), Region);
        Assert.Equal(["north", "south", "(missing)", "west"], report.Slices.Select(slice => slice.Name));
        Assert.Equal((0.9, 90, false), (report.Slices[0].Estimate!.Value, report.Slices[0].Rows, report.Slices[0].IsWorse));
        Assert.Equal((0.5, 60, true), (report.Slices[1].Estimate!.Value, report.Slices[1].Rows, report.Slices[1].IsWorse));
        // Binomial(60, 0.5): 2.5 % and 97.5 % are 22/60 and 38/60 (scipy.stats.binom.ppf); one step of 1/60 for the resampling.
        Assert.Equal(22 / 60.0, report.Slices[1].Estimate!.Lower, 1.01 / 60);
        Assert.Equal(38 / 60.0, report.Slices[1].Estimate!.Upper, 1.01 / 60);
        Assert.All(report.Slices.Skip(2), slice => Assert.True(slice is { IsTooSmall: true, Estimate: null, IsWorse: false }));
        Assert.Contains("153 values for 152 rows", Assert.Throws<ArgumentException>(() => Slices.Evaluate(Accuracy, Rows(), Region with { Values = [.. Region.Values, "x"] })).Message);
    }

    [Fact]
    public void Of_CategoryAndNumber_MakesSlices()
    {
        var rows = new TabularData
        {
            Schema = new() { Numeric = ["age"], Categorical = ["plan"], Label = "left" }, Rows = 5, Ids = [], Labels = [0, 1, 0, 1, 0],
            Numeric = [10, 20, float.NaN, 30, 40], Categorical = ["a", null, "b", "a", "a"],
        };
        Assert.Equal(["a", null, "b", "a", "a"], SliceColumn.Of(rows, "plan").Values);
        Assert.Equal(["10 to below 20", "20 to below 30", null, "30 to below 40", "40 to 40"], SliceColumn.Of(rows, "age").Values);
        Assert.Contains("Did you mean 'plan'?", Assert.Throws<DataException>(() => SliceColumn.Of(rows, "plam")).Message);
    }

    /// <summary>
    /// Men: 100 rows, 50 labelled 1; predicted 1 are 40 of them and 10 others: 50 %, TPR 0.8, FPR 0.2.
    /// Women: 100 rows, 40 labelled 1; predicted 1 are 20 of them and 6 others: 26 %, TPR 0.5, FPR 0.1.
    /// </summary>
    [Fact]
    public void Fairness_TwoGroups_GapsByHand()
    {
        float[] labels = [.. Part(50, 1), .. Part(50, 0), .. Part(40, 1), .. Part(60, 0), 1];
        float[] predicted = [.. Part(40, 1), .. Part(10, 0), .. Part(10, 1), .. Part(40, 0), .. Part(20, 1), .. Part(20, 0), .. Part(6, 1), .. Part(54, 0), 0];
        var sex = new SliceColumn("sex", [.. Enumerable.Repeat("m", 100), .. Enumerable.Repeat("f", 100), "x"]);
        var report = Fairness.Evaluate(Predictions.Binary(predicted, labels), sex);
        Assert.Equal(0.24, report.DemographicParityGap!.Value, 12);
        Assert.Equal(0.3, report.EqualOpportunityGap!.Value, 12);
        Assert.Equal(0.3, report.EqualisedOddsGap!.Value, 12);
        Assert.Equal(new FairnessGroup("f", 100, 0.26, 0.5, 0.1, IsTooSmall: false), report.Groups[0]);
        Assert.Equal(("x", true), (report.Groups[2].Name, report.Groups[2].IsTooSmall));
        // Standard error sqrt(.5 · .5 / 100 + .26 · .74 / 100) = 0.0666: 0.24 ± 0.131; the percentiles of 500 resamples vary by a tenth of that.
        Assert.Equal(0.11, report.DemographicParityGap.Lower, 0.03);
        Assert.Equal(0.37, report.DemographicParityGap.Upper, 0.03);
        Assert.Null(Fairness.Evaluate(Predictions.Binary(predicted, labels), sex, minimumRows: 101).DemographicParityGap);
        Assert.Throws<ArgumentException>(() => Fairness.Evaluate(Predictions.Regression([1], [1]), new("sex", ["m"])));
    }

    private static IEnumerable<float> Part(int rows, float value) => Enumerable.Repeat(value, rows);
}
