namespace Workbench.Workflows.Storage;

/// <summary>Which logs to search; null asks for any.</summary>
public sealed record LogFilter
{
    /// <summary>Only runs of this workflow.</summary>
    public string? DefinitionId { get; init; }
    /// <summary>Only this run.</summary>
    public string? RunId { get; init; }
    /// <summary>Only what was written at that moment or later.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>How many lines at most.</summary>
    public int Take { get; init; } = 100;
}
