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

    // The default JSON encoder writes < as \u003C, so the figure cannot end the script element.
    private static string Fallback(JsonObject figure)
    {
        var id = "figure-" + Guid.NewGuid().ToString("N");
        return $$$"""
            <div id="{{{id}}}" style="min-height:2em">This chart needs plotly.js: open the notebook in VS Code or JupyterLab, or render it with 'workbench notebook render'.</div>
            <script>(function(){var f={{{figure.ToJsonString()}}},d=document.getElementById("{{{id}}}");if(window.Plotly){d.textContent="";Plotly.newPlot(d,f.data,f.layout||{},f.config||{responsive:true});}})();</script>
            """;
    }
}
