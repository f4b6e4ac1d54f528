using System.Text.Json;
using Workbench.Data;
using Workbench.Evaluation;

namespace Workbench.Core.Tests.Evaluation;

/// <summary>What scikit-learn has no word for: resets, merges of unlike metrics, refusals, language and engagement. Expected values by hand.</summary>
public sealed class StreamingMetricsTests
{
    [Fact]
    public void Compute_NoRows_EverythingIsNullAlsoInJson()
    {
        object[] empty = [new BinaryMetrics().Compute(), new MulticlassMetrics(3).Compute(), new RegressionMetrics().Compute(), new RankingMetrics().Compute(), new LanguageMetrics().Compute(), new EngagementMetrics().Compute()];
        foreach (object scores in empty)
            foreach (var property in scores.GetType().GetProperties().Where(property => property.PropertyType == typeof(double?)))
                Assert.True(property.GetValue(scores) is null, $"{scores.GetType().Name}.{property.Name} is {property.GetValue(scores)}.");
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(empty)); // it would throw
    }

    [Fact]
    public void Reset_ForgetsEveryRow()
    {
        var binary = new BinaryMetrics();
        binary.Update([0.9f, 0.1f], [0, 1]);
        binary.Reset();
        binary.Update([0.9f, 0.1f], [1, 0]);
        Assert.Equal((2, 1d), (binary.Compute().Rows, binary.Compute().Accuracy));

        var multiclass = new MulticlassMetrics(2);
        multiclass.Update([0.9f, 0.1f], [1]);
        multiclass.Reset();
        multiclass.Update([0.9f, 0.1f, 0.2f, 0.8f], [0, 1]);
        Assert.Equal((2, 1d, 1d), (multiclass.Compute().Rows, multiclass.Compute().Counts.Accuracy, multiclass.Compute().RocAuc));

        var regression = new RegressionMetrics();
        regression.Update([1], [5]);
        regression.Reset();
        Assert.Equal(0, regression.Compute().Rows);
    }

    [Fact]
    public void Update_BadRow_NamesItAndTakesNoRow()
    {
        var metrics = new BinaryMetrics();
        Assert.Contains("row 2 is NaN", Assert.Throws<DataException>(() => metrics.Update([0.5f, float.NaN], [0, 1])).Message);
        Assert.Contains("weight of row 1 is -1", Assert.Throws<DataException>(() => metrics.Update([0.5f], [0], [-1])).Message);
        Assert.Equal(0, metrics.Compute().Rows);
        Assert.Contains("sum of the probabilities of row 2 is 1.5", Assert.Throws<DataException>(() => new MulticlassMetrics(2).Update([0.5f, 0.5f, 1, 0.5f], [0, 1])).Message);
        Assert.Contains("label of row 1 is 2; it must be a class index from 0 to 1", Assert.Throws<DataException>(() => new MulticlassMetrics(2).Update([0.5f, 0.5f], [2])).Message);
        Assert.Contains("prediction of row 1 is ∞", Assert.Throws<DataException>(() => new RegressionMetrics().Update([float.PositiveInfinity], [2])).Message.Replace("Infinity", "∞"));
        Assert.Contains("row 1 goes from 3 to 2", Assert.Throws<DataException>(() => new RegressionMetrics().UpdateIntervals([3], [2], [2])).Message);
        Assert.Contains("0 to 1", Assert.Throws<ArgumentException>(() => new ConfusionCounts(2).Update([0], [2])).Message);
        Assert.Contains("0 items", Assert.Throws<ArgumentException>(() => new RankingMetrics().Update([], [])).Message);
    }

    [Fact]
    public void Merge_OtherSettings_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new BinaryMetrics(0.5).Merge(new BinaryMetrics(0.4)));
        Assert.Throws<ArgumentException>(() => new MulticlassMetrics(3).Merge(new MulticlassMetrics(4)));
        Assert.Throws<ArgumentException>(() => new RegressionMetrics(0.5).Merge(new RegressionMetrics(0.9)));
        Assert.Throws<ArgumentException>(() => new RankingMetrics(3).Merge(new RankingMetrics()));
    }

    [Fact]
    public void UpdateIntervals_TwoOfFourLabelsInside_CoverHalf()
    {
        var metrics = new RegressionMetrics();
        metrics.UpdateIntervals([0, 0], [1, 2], [1, 3]); // a bound is inside
        var other = new RegressionMetrics();
        other.UpdateIntervals([0, -1], [3, 1], [-1, 0]);
        metrics.Merge(other);
        Assert.Equal((0.5, 2d), (metrics.Compute().Coverage, metrics.Compute().IntervalWidth));
        Assert.Null(metrics.Compute().Mae);
    }

    [Fact]
    public void Smape_HalfAndDouble_IsTwoThirds()
    {
        var metrics = new RegressionMetrics();
        metrics.Update([1, 2, 0, 1], [2, 1, 0, -1]); // 2·1/3, 2·1/3, 0, 2·2/2
        Assert.Equal((2 / 3d + 2 / 3d + 0 + 2) / 4, metrics.Compute().Smape!.Value, 12);
    }

    /// <summary>First relevant at ranks 1 and 3, none, and a tie with one irrelevant item, which counts as rank 2.</summary>
    [Fact]
    public void MeanReciprocalRank_FourQueries_IsTheMeanOfTheirRanks()
    {
        var metrics = new RankingMetrics();
        metrics.Update([3, 2, 1], [1, 0, 1]);
        metrics.Update([3, 2, 1], [0, 0, 2]);
        metrics.Update([3, 2, 1], [0, 0, 0]);
        var other = new RankingMetrics();
        other.Update([2, 2, 1], [0, 1, 0]);
        metrics.Merge(other);
        var scores = metrics.Compute();
        Assert.Equal((4, 1), (scores.Queries, scores.QueriesWithoutRelevant));
        Assert.Equal((1 + 1 / 3d + 0 + 0.5) / 4, scores.MeanReciprocalRank!.Value, 12);
    }

    /// <summary>Tokens with p = 1/2, 1/4, 1/8: mean 2 ln 2, so perplexity 4; 6 bits on 12 bytes.</summary>
    [Fact]
    public void LanguageMetrics_ThreeTokens_GivePerplexityAndBits()
    {
        var metrics = new LanguageMetrics();
        metrics.Update([MathF.Log(0.5f), MathF.Log(0.25f)], bytes: 8, right: 1);
        var other = new LanguageMetrics();
        other.Update(Math.Log(8), 1, bytes: 4, right: 0);
        metrics.Merge(other);
        var scores = metrics.Compute();
        Assert.Equal(4, scores.Perplexity!.Value, 5); // float32 logarithms
        Assert.Equal(0.5, scores.BitsPerByte!.Value, 6);
        Assert.Equal((3, 1 / 3d), (scores.Tokens, scores.NextTokenAccuracy!.Value));
        metrics.Update(1e6, 1);
        Assert.Equal((0.5, 1 / 3d), (Math.Round(metrics.Compute().BitsPerByte!.Value, 6), metrics.Compute().NextTokenAccuracy!.Value)); // untold batches have no part
        Assert.Null(metrics.Compute().Perplexity); // exp(250,000) is no double
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Update(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Update(1, 2, right: 3));
    }

    [Fact]
    public void EngagementMetrics_EventsInAnyOrder_JoinByRequest()
    {
        var (here, there) = (new EngagementMetrics(), new EngagementMetrics());
        here.Clicked("r1"); // before its prediction
        here.Served("r1", "v1");
        here.Clicked("r1");
        here.Dwelled("r1", TimeSpan.FromSeconds(10));
        here.Served("r2", "v2");
        here.Voted("r2", up: true);
        there.Served("r3", "v2");
        there.Dwelled("r3", TimeSpan.FromSeconds(2));
        there.Dwelled("r1", TimeSpan.FromSeconds(20));
        there.Voted("r2", up: false);
        there.Served("r4", "v2");
        there.Clicked("nobody knows");
        here.Merge(there);

        var all = here.Compute();
        Assert.Equal((4, 1, 0.25), (all.Served, all.Clicked, all.ClickThroughRate!.Value));
        Assert.Equal((16d, 16d), (all.MeanDwellSeconds!.Value, all.MedianDwellSeconds!.Value)); // 30 and 2
        Assert.Equal((1, 0d, 1), (all.Voted, all.ThumbsUpRate!.Value, all.Unmatched));
        var groups = here.ComputeByGroup();
        Assert.Equal(["v1", "v2"], groups.Keys);
        Assert.Equal((1, 1d, 3, 0d), (groups["v1"].Served, groups["v1"].ClickThroughRate!.Value, groups["v2"].Served, groups["v2"].ClickThroughRate!.Value));
        Assert.Null(groups["v1"].ThumbsUpRate);
    }
}
