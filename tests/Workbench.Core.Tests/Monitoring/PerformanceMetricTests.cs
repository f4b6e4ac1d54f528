using Workbench.Monitoring;

namespace Workbench.Core.Tests.Monitoring;

public sealed class PerformanceMetricTests
{
    // Wilson's interval of 8 of 10 and of 10 of 10 at 95 %, computed apart in Python as (share + z²/2n ± z √(share (1 - share)/n + z²/4n²)) / (1 + z²/n).
    [Theory]
    [InlineData(8, 10, 0.8, 0.4901624715366418, 0.9433178485456247)]
    [InlineData(10, 10, 1, 0.7224672001371106, 1)]
    public void Estimate_Accuracy_IsWilsonsInterval(int correct, int judged, double value, double lower, double upper)
    {
        var estimate = PerformanceMetric.Estimate("accuracy", new() { Correct = correct, Judged = judged })!;
        Assert.Equal(value, estimate.Value, 1e-12);
        Assert.Equal(lower, estimate.Lower, 1e-12);
        Assert.Equal(upper, estimate.Upper, 1e-12);
    }

    [Fact]
    public void Estimate_F1_IsTheIntervalOfItsShareOfHits()
    {
        // 8 hits, 1 false positive, 1 false negative: 8 of 10 rows are hits, and f1 = 2q / (1 + q).
        var counts = new OutcomeCounts { TruePositives = 8, FalsePositives = 1, FalseNegatives = 1 };
        var estimate = PerformanceMetric.Estimate("f1", counts)!;
        Assert.Equal(counts.F1!.Value, estimate.Value);
        Assert.Equal(2 * 0.4901624715366418 / 1.4901624715366418, estimate.Lower, 1e-12);
        Assert.Equal(2 * 0.9433178485456247 / 1.9433178485456247, estimate.Upper, 1e-12);
        Assert.Null(PerformanceMetric.Estimate("recall", new()));
    }
}
