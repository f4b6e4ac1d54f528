namespace Workbench.Workflows.Validation;

/// <summary>One thing that is wrong with a definition. <see cref="Rule"/> is stable; activity id and name are null for the whole workflow.</summary>
public sealed record Finding(FindingSeverity Severity, string Rule, string? ActivityId, string? ActivityName, string Message)
{
    /// <summary>Severity, activity and message in one line.</summary>
    public override string ToString() =>
        ActivityId is null ? $"{Severity}: {Message}" : $"{Severity} in activity '{ActivityName ?? ActivityId}': {Message}";
}
