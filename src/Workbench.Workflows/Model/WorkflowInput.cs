using System.Text.Json.Nodes;

namespace Workbench.Workflows.Model;

/// <summary>A value that a run is started with.</summary>
public sealed record WorkflowInput : JsonRecord
{
    /// <summary>Name for people and expressions.</summary>
    public string Name { get; init => field = value ?? ""; } = "";
    /// <summary>Elsa type name; <c>Object</c> takes any JSON.</summary>
    public string Type { get; init => field = value ?? "Object"; } = "Object";
    /// <summary>Whether it holds a list.</summary>
    public bool IsArray { get; init; }
    /// <summary>What the value is for, or null.</summary>
    public string? Description { get; init; }
    /// <summary>Value of a run that gives none, or null.</summary>
    public JsonNode? DefaultValue { get; init; }
    /// <summary>Whether a run must give it.</summary>
    public bool IsRequired { get; init; }
}
