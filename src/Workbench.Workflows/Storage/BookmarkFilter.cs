namespace Workbench.Workflows.Storage;

/// <summary>Which waiting steps to list; null asks for any.</summary>
public sealed record BookmarkFilter
{
    /// <summary>Only bookmarks of this run.</summary>
    public string? RunId { get; init; }
    /// <summary>Only bookmarks of this kind.</summary>
    public BookmarkKind? Kind { get; init; }
    /// <summary>Only bookmarks of this name; case-sensitive.</summary>
    public string? Name { get; init; }
    /// <summary>Only bookmarks of runs with this correlation id.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>How many of the oldest to leave out.</summary>
    public int Skip { get; init; }
    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 1000;
}
