namespace Workbench.Workflows.Model;

/// <summary>A value that a run hands on at its end.</summary>
public sealed record WorkflowOutput : JsonRecord
{
    /// <summary>Name for people and expressions.</summary>
    public string Name { get; init => field = value ?? ""; } = "";
    /// <summary>Elsa type name; null takes any JSON.</summary>
    public string? Type { get; init; }
    /// <summary>Whether it holds a list.</summary>
    public bool? IsArray { get; init; }
}
