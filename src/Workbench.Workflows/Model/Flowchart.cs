namespace Workbench.Workflows.Model;

/// <summary>The root of a workflow: activities joined by connections.</summary>
public sealed record Flowchart : JsonRecord
{
    /// <summary>The type name of the only root that runs.</summary>
    public const string TypeName = "Elsa.Flowchart";

    /// <summary>Id within the workflow.</summary>
    public string Id { get; init => field = value ?? "Flowchart1"; } = "Flowchart1";
    /// <summary>Path of ids from the workflow; rewritten on save.</summary>
    public string? NodeId { get; init; }
    /// <summary>Always <see cref="TypeName"/> in a workflow that runs.</summary>
    public string Type { get; init => field = value ?? TypeName; } = TypeName;
    /// <summary>Version of the activity type.</summary>
    public int Version { get; init; } = 1;
    /// <summary>Name for people, or null.</summary>
    public string? Name { get; init; }
    /// <summary>The activities in their listed order.</summary>
    public IReadOnlyList<Activity> Activities { get; init => field = value ?? []; } = [];
    /// <summary>The edges in their listed order.</summary>
    public IReadOnlyList<Connection> Connections { get; init => field = value ?? []; } = [];
    /// <summary>Variables of the root.</summary>
    public IReadOnlyList<Variable> Variables { get; init => field = value ?? []; } = [];
}
