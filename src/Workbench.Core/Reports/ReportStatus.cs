namespace Workbench.Reports;

/// <summary>The colour and sign of a badge.</summary>
public enum ReportStatus
{
    /// <summary>Neither good nor bad.</summary>
    Neutral,
    /// <summary>As it should be.</summary>
    Passed,
    /// <summary>Look at it.</summary>
    Warning,
    /// <summary>Refused, failed, beyond a limit.</summary>
    Refused,
}
