namespace Workbench.Workflows.Storage;

/// <summary>How definitions are sorted.</summary>
public enum DefinitionOrder
{
    /// <summary>By name, then id.</summary>
    Name,
    /// <summary>By the time at which the version was first saved.</summary>
    Created,
    /// <summary>By version.</summary>
    Version,
}
