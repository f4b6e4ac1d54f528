using System.Text.Json.Nodes;

namespace Workbench.Charts;

/// <summary>The one look of all charts: white, left title, quiet grid, system font, no download.</summary>
internal static class ChartLayout
{
    public static JsonObject Of(string title, string xAxis, string yAxis, string description) => new()
    {
        ["title"] = new JsonObject
        {
            ["text"] = PlotlyText.Encode(title),
            ["x"] = 0,
            ["xref"] = "paper",
            ["xanchor"] = "left",
            ["font"] = new JsonObject { ["size"] = 16 },
        },
        ["font"] = new JsonObject { ["family"] = ChartPalette.Font, ["size"] = 12, ["color"] = ChartPalette.Text },
        ["paper_bgcolor"] = "#FFFFFF",
        ["plot_bgcolor"] = "#FFFFFF",
        ["margin"] = new JsonObject { ["l"] = 64, ["r"] = 24, ["t"] = 64, ["b"] = 56 },
        ["height"] = 360,
        ["xaxis"] = Axis(xAxis),
        ["yaxis"] = Axis(yAxis),
        ["legend"] = new JsonObject { ["orientation"] = "h", ["x"] = 1, ["xanchor"] = "right", ["y"] = 1.02, ["yanchor"] = "bottom" },
        ["meta"] = new JsonObject { ["description"] = description },
    };

    private static JsonObject Axis(string title) => new()
    {
        ["title"] = new JsonObject { ["text"] = PlotlyText.Encode(title), ["standoff"] = 12 },
        ["gridcolor"] = ChartPalette.Grid,
        ["zerolinecolor"] = ChartPalette.Grid,
        ["linecolor"] = ChartPalette.Grid,
        ["automargin"] = true,
    };
}
