namespace Workbench.Workflows.Storage;

/// <summary>How a time is compared, in Elsa's words.</summary>
public enum RunTimeComparison
{
    /// <summary>The same millisecond.</summary>
    Is,
    /// <summary>Another millisecond.</summary>
    IsNot,
    /// <summary>Later.</summary>
    GreaterThan,
    /// <summary>Later or the same.</summary>
    GreaterThanOrEqual,
    /// <summary>Earlier.</summary>
    LessThan,
    /// <summary>Earlier or the same.</summary>
    LessThanOrEqual,
}
