using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Plotly.NET;
using Workbench.Charts;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows Plotly figures: as Plotly JSON for front ends that draw it, and as HTML for those that only have plotly.js.</summary>
internal static class FigureFormatter
{
    /// <summary>Whether the type is a figure; asks by name first, so that Plotly.NET is not loaded for other values.</summary>
    public static bool Handles(Type type) => type == typeof(PlotlyFigure) || (type.Assembly.GetName().Name == "Plotly.NET" && IsChart(type));

    /// <summary>The figure, or null when <paramref name="value"/> is none.</summary>
    public static MimeBundle? TryFormat(object value) => Handles(value.GetType()) ? Bundle(value is PlotlyFigure figure ? figure.ToJson() : ChartJson(value)) : null;

    /// <summary>The figure as a part of HTML that also holds something else.</summary>
    public static string Html(PlotlyFigure figure) => Fallback(JsonNode.Parse(figure.ToJson())!.AsObject()); // a figure's JSON is an object

    private static bool IsChart(Type type) => type.IsAssignableTo(typeof(GenericChart));

    private static string ChartJson(object chart) => GenericChart.toFigureJson((GenericChart)chart);

    private static MimeBundle Bundle(string json)
    {
        var figure = JsonNode.Parse(json) as JsonObject ?? throw new FormatException("A Plotly figure is a JSON object; this one is not.");
        return new(new JsonObject
        {
            [PlotlyFigure.MimeType] = figure,
            ["text/html"] = Fallback(figure),
            ["text/plain"] = $"Plotly figure with {(figure["data"] as JsonArray)?.Count ?? 0} traces",
        });
    }

    // The still picture is seen everywhere; where plotly.js is, the live chart takes its place. The default JSON encoder
    // writes < as \u003C, so the figure cannot end the script element.
    private static string Fallback(JsonObject figure)
    {
        var still = SvgChart.Draw(figure) ?? $"<div style=\"padding:1em;border:1px solid #8886\">This chart ({WebUtility.HtmlEncode(string.Join(", ", SvgChart.Unknown(figure)))}) needs plotly.js: open the notebook in VS Code or JupyterLab, or render it with 'workbench notebook render'.</div>";
        var json = figure.ToJsonString();
        var id = "wb-f" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 5));
        return $$$"""
            <div class="{{{id}}}">{{{still}}}</div>
            <script>(function(){if(!window.Plotly)return;var f={{{json}}};document.querySelectorAll(".{{{id}}}:not([data-ready])").forEach(function(d){d.setAttribute("data-ready","");d.textContent="";Plotly.newPlot(d,f.data,f.layout||{},f.config||{responsive:true})})})();</script>
            """;
    }
}
