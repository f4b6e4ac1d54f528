using System.Text.Json.Serialization;

namespace Workbench.Workflows.Model;

/// <summary>An edge: when the source ends with the outcome named by its port, the target's turn comes.</summary>
public sealed record Connection : JsonRecord
{
    /// <summary>Where the edge begins; a missing port means <c>Done</c>.</summary>
    public Endpoint Source { get; init => field = value ?? new(); } = new();
    /// <summary>Where the edge ends; a missing port means <c>In</c>.</summary>
    public Endpoint Target { get; init => field = value ?? new(); } = new();

    /// <summary>The outcome that follows this edge.</summary>
    [JsonIgnore]
    public string Outcome => Source.Port is { Length: > 0 } port ? port : "Done";

    /// <summary>Name of the edge in messages and in the state of a run; duplicates share it.</summary>
    [JsonIgnore]
    public string Key => $"{Source.Activity}:{Outcome}->{Target.Activity}";
}
