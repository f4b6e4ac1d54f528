using System.Text.Json.Nodes;
using Workbench.Charts;

namespace Workbench.Core.Tests.Charts;

public sealed class ChartTests
{
    [Fact]
    public void Line_WithNotANumber_WritesNull()
    {
        var figure = Chart.Line("Loss", "epoch", "loss (nats)", new ChartSeries("training", [0.7, double.NaN, double.PositiveInfinity, 0.5]));

        Assert.Contains("\"y\":[0.7,null,null,0.5]", figure.ToJson());
        Assert.Contains("\"x\":[1,2,3,4]", figure.ToJson());
    }

    [Fact]
    public void ToJson_SameArguments_SameText()
    {
        static string Make() => Chart.Bar("Rows", "plan", "rows", ["a", "b"], [1, 2]).WithThreshold(1.5, "limit").ToJson();

        Assert.Equal(Make(), Make());
    }

    [Fact]
    public void ToJson_HostileNames_AreNoMarkup()
    {
        var figure = Chart.Bar("</script><b>", "x", "y", ["<img src=x onerror=alert(1)>"], [1]);

        Assert.DoesNotContain("<", figure.ToJson());
        var name = JsonNode.Parse(figure.ToJson())!["data"]![0]!["x"]![0]!.GetValue<string>();
        Assert.Equal("&lt;img src=x onerror=alert(1)&gt;", name);
        Assert.Equal("</script><b>", figure.Title);
    }

    [Fact]
    public void Parse_OfToJson_GivesTheSameText()
    {
        var figure = Chart.Roc("ROC", [0, 0.1, 1], [0, 0.8, 1], 0.87).WithDescription("words");

        var back = PlotlyFigure.Parse(figure.ToJson());

        Assert.Equal(figure.ToJson(), back.ToJson());
        Assert.Equal("words", back.Description);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    public void Parse_NoFigure_SaysSo(string json) => Assert.Throws<FormatException>(() => PlotlyFigure.Parse(json));

    [Fact]
    public void WithMarkers_LeaveTheOriginalAlone()
    {
        var day = new DateTimeOffset(2025, 4, 8, 2, 0, 0, TimeSpan.FromHours(2));
        var plain = Chart.Line("Accuracy", "", "accuracy", new ChartSeries("champion", [day, day.AddDays(1)], [0.9, 0.8]));

        var marked = plain.WithThreshold(0.85, "limit 0.85").WithEvent(day, "champion v3");

        Assert.Null(plain.Layout["shapes"]);
        Assert.Equal(2, marked.Layout["shapes"]!.AsArray().Count);
        Assert.Equal("2025-04-08 00:00:00.000", marked.Layout["shapes"]![1]!["x0"]!.GetValue<string>());
        Assert.Equal("champion v3", marked.Layout["annotations"]![1]!["text"]!.GetValue<string>());
    }

    [Fact]
    public void Histogram_InfiniteOuterEdges_AreDrawnAsWideAsTheirNeighbours()
    {
        var figure = Chart.Histogram("price", "price (EUR)", [double.NegativeInfinity, 10, 20, double.PositiveInfinity], ("reference", [0.2, 0.5, 0.3]));

        Assert.Equal("[10,10,10]", figure.Data[0]!["width"]!.ToJsonString());
        Assert.Equal("[5,15,25]", figure.Data[0]!["x"]!.ToJsonString());
    }

    [Fact]
    public void Histogram_EdgesDoNotFit_SaysHowManyOfEach()
    {
        var failure = Assert.Throws<ArgumentException>(() => Chart.Histogram("h", "x", [0, 1], ("a", [0.5, 0.5])));

        Assert.Contains("2 edges and 2 shares", failure.Message);
    }

    [Fact]
    public void ConfusionMatrix_Cells_ShowCountAndShareOfTheActualClass()
    {
        var figure = Chart.ConfusionMatrix("Month 12", ["stay", "churn"], [[75, 25], [10, 1990]]);

        Assert.Equal("25 (25.0 %)", figure.Data[0]!["text"]![0]![1]!.GetValue<string>());
        Assert.Equal("[[0.75,0.25],[0.005,0.995]]", figure.Data[0]!["z"]!.ToJsonString());
    }

    [Fact]
    public void ChartSeries_CountsDiffer_NamesTheSeries()
    {
        var failure = Assert.Throws<ArgumentException>(() => new ChartSeries("loss", [1d, 2d], [1d]));

        Assert.Contains("'loss' has 2 x values and 1 y values", failure.Message);
    }

    [Fact]
    public void PlotlyScript_IsTheEmbeddedVersion()
    {
        string script = PlotlyScript.Read();

        Assert.Contains("plotly.js v2.28.0", script[..400]);
        Assert.DoesNotContain("</script", script, StringComparison.OrdinalIgnoreCase);
    }
}
