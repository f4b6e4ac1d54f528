namespace Workbench.Workflows.Model;

/// <summary>One end of a connection.</summary>
public sealed record Endpoint : JsonRecord
{
    /// <summary>Id of the activity.</summary>
    public string Activity { get; init => field = value ?? ""; } = "";
    /// <summary>Outcome of a source, <c>In</c> of a target, or null for the default.</summary>
    public string? Port { get; init; }
}
