using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>What a look has seen.</summary>
public sealed record WaitLook
{
    /// <summary>Whether what the step waits for is there, so that the step goes on.</summary>
    public required bool IsThere { get; init; }
    /// <summary>Outputs of the step should it go on now, for either outcome.</summary>
    public JsonObject Outputs { get; init; } = [];
    /// <summary>What the next look is to know.</summary>
    public JsonObject State { get; init; } = [];
    /// <summary>What there is, in a few words for people; null keeps what was said before.</summary>
    public string? Message { get; init; }
    /// <summary>After how long to look again; at least 0.1 s.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromSeconds(15);
}
