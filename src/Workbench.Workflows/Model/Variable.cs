using System.Text.Json.Nodes;

namespace Workbench.Workflows.Model;

/// <summary>A value that the activities of one run share; always persisted.</summary>
public sealed record Variable : JsonRecord
{
    /// <summary>Id; the name when the JSON gives none.</summary>
    public string Id { get => field.Length > 0 ? field : Name; init => field = value ?? ""; } = "";
    /// <summary>Name for people and expressions.</summary>
    public string Name { get; init => field = value ?? ""; } = "";
    /// <summary>Elsa type name; <c>Object</c> takes any JSON.</summary>
    public string TypeName { get; init => field = value ?? "Object"; } = "Object";
    /// <summary>Whether it holds a list.</summary>
    public bool IsArray { get; init; }
    /// <summary>Value at the start of a run, or null.</summary>
    public JsonNode? Value { get; init; }
}
