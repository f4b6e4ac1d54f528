namespace Workbench.Host.Activities;

/// <summary>What the alert says.</summary>
[Activity(RaiseAlert.Type, DisplayName = "Alert", Category = "Monitoring",
    Description = "Raises an alert: it is listed with the others, goes to every channel of monitoring.json, and starts pipelines that wait for its name. A step raises it once, however often it is tried.")]
[Output("alert", "String", "Id of the alert.")]
internal sealed record RaiseAlertOptions
{
    [Input("Name of the alert; receivers group by it.")]
    public required string Name { get; init; }
    [Input("Name of the model that it is about.")]
    public required string ModelName { get; init; }
    [Input("What happened, for people.", Editor = Editors.MultiLine)]
    public required string Message { get; init; }
    [Input("Version that it is about; empty: the champion.", TypeName = "Object", Editor = Editors.SingleLine)]
    public int? Version { get; init; }
    [Input("Firing, or Resolved when the matter is settled.")]
    public AlertSignal Signal { get; init; } = AlertSignal.Firing;
}
