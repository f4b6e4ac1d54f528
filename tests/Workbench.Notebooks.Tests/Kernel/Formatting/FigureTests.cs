using System.Xml.Linq;
using Workbench.Charts;

namespace Workbench.Notebooks.Tests.Kernel.Formatting;

public sealed class FigureTests
{
    [Fact]
    public void Format_Bars_AreDrawnWithoutAScript()
    {
        var svg = Svg(Chart.GroupedBar("A & B", "month", "rides", new ChartSeries("a", ["Jan", "Feb"], [1d, 2]), new ChartSeries("b", ["Jan", "Feb"], [4d, -1])));
        var heights = svg.Descendants().Where(element => element.Name.LocalName == "rect" && element.Attribute("fill-opacity") is not null).Select(element => (double)element.Attribute("height")!).ToList();

        Assert.Equal(4, heights.Count);
        Assert.Equal(2, heights[1] / heights[0], 0.02); // heights are rounded to a tenth of a pixel
        Assert.Equal(4, heights[2] / heights[0], 0.02);
        Assert.Contains("Feb", svg.Value, StringComparison.Ordinal);
        Assert.Equal("A & B", svg.Attribute("aria-label")?.Value);
    }

    [Fact]
    public void Format_LineWithAGap_LiftsThePen()
    {
        var svg = Svg(Chart.Line("t", "x", "y", new ChartSeries("s", [1d, 2, double.NaN, 4, 5])));
        var path = svg.Descendants().Single(element => element.Attribute("stroke-width")?.Value == "2").Attribute("d")!.Value;

        Assert.Equal(2, path.Count(letter => letter == 'M'));
        Assert.Equal(2, path.Count(letter => letter == 'L'));
    }

    [Fact]
    public void Format_UnknownTrace_SaysWhatItNeeds() =>
        Assert.Contains("This chart (heatmap) needs plotly.js", Shown.Html(Chart.Heatmap("t", "x", "y", ["a"], ["b"], [[1]])), StringComparison.Ordinal);

    private static XElement Svg(object figure)
    {
        var html = Shown.Html(figure);
        int start = html.IndexOf("<svg", StringComparison.Ordinal);
        return XElement.Parse(html[start..(html.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
    }
}
