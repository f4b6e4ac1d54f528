namespace Workbench.Workflows.Storage;

/// <summary>Which approvals to list; null asks for any.</summary>
public sealed record ApprovalFilter
{
    /// <summary>Only approvals in this state.</summary>
    public ApprovalStatus? Status { get; init; }
    /// <summary>Only approvals of this run.</summary>
    public string? RunId { get; init; }
    /// <summary>Only approvals of this workflow.</summary>
    public string? DefinitionId { get; init; }
    /// <summary>How many of the newest to leave out.</summary>
    public int Skip { get; init; }
    /// <summary>How many at most.</summary>
    public int Take { get; init; } = 100;
}
