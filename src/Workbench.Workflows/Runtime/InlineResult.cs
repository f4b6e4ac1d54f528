namespace Workbench.Workflows.Runtime;

/// <summary>How one of the engine's own activities ended.</summary>
internal sealed record InlineResult(params IReadOnlyList<string> Outcomes)
{
    public string? Message { get; init; }
}
