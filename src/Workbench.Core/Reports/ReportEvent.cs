namespace Workbench.Reports;

/// <summary>One entry of a timeline.</summary>
/// <param name="At">When; shown in UTC.</param>
/// <param name="Actor">Who or what did it, such as a user or a rule.</param>
/// <param name="Text">What happened.</param>
/// <param name="Status">How it went.</param>
public sealed record ReportEvent(DateTimeOffset At, string Actor, string Text, ReportStatus Status = ReportStatus.Neutral);
