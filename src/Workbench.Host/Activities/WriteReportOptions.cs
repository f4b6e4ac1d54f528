using System.Text.Json.Nodes;

namespace Workbench.Host.Activities;

/// <summary>What the report holds.</summary>
[Activity(WriteReport.Type, DisplayName = "Report", Category = "Reporting", Description = "Writes an HTML report that needs no network; the host lists it among its reports.")]
[Output("report", "String", "File name of the report.")]
internal sealed record WriteReportOptions
{
    [Input("Title of the report.")]
    public required string Title { get; init; }
    [Input("A paragraph below the title.", Editor = Editors.MultiLine)]
    public string Text { get; init; } = "";
    [Input("Values to show, by name; {\"$variable\":\"x\"} stands for a variable.", Editor = Editors.Code, Language = "json")]
    public JsonObject Values { get; init; } = [];
    [Input("Model whose versions and history are shown; empty for none.")]
    public string? ModelName { get; init; }
    [Input("Name of the file without its ending; empty: the workflow and the run. Letters, digits, dashes and underscores.")]
    public string? FileName { get; init; }
}
