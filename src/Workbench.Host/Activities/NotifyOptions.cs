using Workbench.Monitoring;

namespace Workbench.Host.Activities;

/// <summary>What is said, and to whom.</summary>
[Activity(Notify.Type, DisplayName = "Notify", Category = "Monitoring",
    Description = "Sends a message through channels of monitoring.json: to each at least once, tried again until it is taken. A step sends it once, however often it is tried.")]
[Output("message", "String", "Id of the message.")]
internal sealed record NotifyOptions
{
    [Input("Names of channels in monitoring.json; 'file' is always there, 'webhook' where it names one.")]
    public required IReadOnlyList<string> Channels { get; init; }
    [Input("What it is about, in a line.")]
    public required string Subject { get; init; }
    [Input("The message.", Editor = Editors.MultiLine)]
    public string Text { get; init; } = "";
    [Input("How urgent it is.")]
    public NotificationSeverity Severity { get; init; } = NotificationSeverity.Info;
}
