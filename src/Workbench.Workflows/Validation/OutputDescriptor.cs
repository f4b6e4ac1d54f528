namespace Workbench.Workflows.Validation;

/// <summary>One output of an activity type. In JSON its name is written in camelCase.</summary>
public sealed record OutputDescriptor(string Name, string TypeName = "Object")
{
    /// <summary>What the value is, with its unit.</summary>
    public string? Description { get; init; }
}
