namespace Workbench.Workflows.Storage;

/// <summary>Which versions of which definitions to list.</summary>
public sealed record DefinitionFilter
{
    /// <summary>Which versions; a number in <see cref="Version"/> counts instead when it is given.</summary>
    public VersionChoice Versions { get; init; } = VersionChoice.Latest;
    /// <summary>Only this version, or null.</summary>
    public int? Version { get; init; }
    /// <summary>Only these definitions; empty for all.</summary>
    public IReadOnlyList<string> DefinitionIds { get; init; } = [];
    /// <summary>Only versions with these ids; empty for all.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
    /// <summary>Text that name, definition id or version id holds, whatever the case; null for any.</summary>
    public string? SearchTerm { get; init; }
    /// <summary>How they are sorted.</summary>
    public DefinitionOrder OrderBy { get; init; } = DefinitionOrder.Name;
    /// <summary>Whether the order is turned round.</summary>
    public bool Descending { get; init; }
    /// <summary>How many to leave out.</summary>
    public int Skip { get; init; }
    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 100;
}
