using Workbench.Charts;

namespace Workbench.Core.Tests.Charts;

public sealed class ChartSamplesTests
{
    [Fact]
    public void Histogram_OfNumbers_CountsSharesOverCommonBins()
    {
        // Counted by hand: four bins of width 2 from 0 to 8; 8 belongs to the last bin, NaN to none.
        var figure = Chart.Histogram("h", "x", 4, ("a", [0, 1, 2, double.NaN, 7.5]), ("b", [8, 8]));

        Assert.Equal([0.5, 0.25, 0, 0.25], Numbers(figure, 0, "y"));
        Assert.Equal([0, 0, 0, 1d], Numbers(figure, 1, "y"));
        Assert.Equal([1, 3, 5, 7d], Numbers(figure, 0, "x"));
    }

    [Fact]
    public void Histogram_OfAConstant_IsOneFullBin() =>
        Assert.Equal(1, Numbers(Chart.Histogram("h", "x", 5, ("a", [3, 3, 3])), 0, "y").Sum(), 12);

    [Fact]
    public void Histogram_WithoutANumber_SaysHowManyThereAre() =>
        Assert.Contains("1 samples of 0 numbers", Assert.Throws<ArgumentException>(() => Chart.Histogram("h", "x", 5, ("a", [double.NaN]))).Message);

    [Fact]
    public void Roc_OfScores_MatchesScikitLearnsExample()
    {
        // sklearn.metrics.roc_curve's documentation: fpr [0, 0, 0.5, 0.5, 1], tpr [0, 0.5, 0.5, 1, 1], area 0.75.
        var figure = Chart.Roc("ROC", ("model", [0.1f, 0.4f, 0.35f, 0.8f], [0, 0, 1, 1]));

        Assert.Equal([0, 0, 0.5, 0.5, 1], Numbers(figure, 0, "x"));
        Assert.Equal([0, 0.5, 0.5, 1, 1], Numbers(figure, 0, "y"));
        Assert.Equal("model, AUC 0.750", (string?)figure.Data[0]!["name"]);
        Assert.Equal("dash", (string?)figure.Data[1]!["line"]!["dash"]);
    }

    [Fact]
    public void Roc_AllTied_IsTheDiagonal()
    {
        var figure = Chart.Roc("ROC", ("constant", [0.5f, 0.5f, 0.5f], [0, 1, 1]));

        Assert.Equal([0, 1d], Numbers(figure, 0, "y"));
        Assert.Equal("constant, AUC 0.500", (string?)figure.Data[0]!["name"]);
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.6f }, new[] { 1f, 1f }, "all of one class")]
    [InlineData(new[] { 0.5f }, new[] { 1f, 0f }, "1 probabilities and 2 labels")]
    [InlineData(new[] { 1.5f, 0.6f }, new[] { 1f, 0f }, "Probability 1 of 'm' is 1.5")]
    [InlineData(new[] { 0.5f, 0.6f }, new[] { 1f, 2f }, "Label 2 of 'm' is 2")]
    public void Roc_WrongRows_SaysWhatIsWrong(float[] probabilities, float[] labels, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Chart.Roc("ROC", ("m", probabilities, labels))).Message);

    [Fact]
    public void Calibration_OfRows_HasOnePointAFilledBinWithItsInterval()
    {
        // 10 rows at 0.125 of which 3 are positive, 2 at 1.0 (the last bin) of which both are.
        float[] probabilities = [.. Enumerable.Repeat(0.125f, 10), 1, 1];
        float[] labels = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1];
        var figure = Chart.Calibration("c", 4, ("model", probabilities, labels));

        Assert.Equal([0.125, 1], Numbers(figure, 0, "x"));
        Assert.Equal([0.3, 1], Numbers(figure, 0, "y"));
        // Wilson's interval of 3 in 10 is 0.1078 to 0.6032, of 2 in 2 0.3424 to 1, by hand from his formula.
        Assert.Equal([0.3032, 0], Bars("array"));
        Assert.Equal([0.1922, 0.6576], Bars("arrayminus"));

        double[] Bars(string side) => [.. figure.Data[0]!["error_y"]![side]!.AsArray().Select(value => Math.Round((double)value!, 4))];
    }

    [Fact]
    public void Scatter_Intervals_ThatDoNotFit_NameTheSeries()
    {
        var series = new ChartSeries("accuracy", ["a", "b"], [0.9, 0.8]) { Intervals = [(0.8, 0.95)] };

        Assert.Contains("'accuracy' has 2 values and 1 intervals", Assert.Throws<ArgumentException>(() => Chart.Scatter("s", "x", "y", series)).Message);
    }

    private static double[] Numbers(PlotlyFigure figure, int trace, string axis) =>
        [.. figure.Data[trace]![axis]!.AsArray().Select(value => Math.Round(value!.GetValue<double>(), 12))];
}
