using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>What a look is about.</summary>
public sealed record WaitQuestion
{
    /// <summary>Type of the activity.</summary>
    public required string ActivityType { get; init; }
    /// <summary>Evaluated inputs by camelCase name, as they were when the step began to wait.</summary>
    public required JsonObject Inputs { get; init; }
    /// <summary>What the look before has noted; empty at the first.</summary>
    public required JsonObject State { get; init; }
    /// <summary>This moment by the database's clock, which all nodes share.</summary>
    public required DateTimeOffset Now { get; init; }
}
