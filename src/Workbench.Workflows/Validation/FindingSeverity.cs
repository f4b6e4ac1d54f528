namespace Workbench.Workflows.Validation;

/// <summary>How grave a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Probably not what was meant; the workflow can be published.</summary>
    Warning,
    /// <summary>The workflow cannot be published.</summary>
    Error,
}
