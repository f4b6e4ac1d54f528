namespace Workbench.Registry;

/// <summary>One logged value of a metric.</summary>
/// <param name="Value">The value; may be NaN or infinite.</param>
/// <param name="Step">Step, epoch or other counter of the caller; 0 when it counts nothing.</param>
/// <param name="At">Business time of logging.</param>
public sealed record MetricPoint(double Value, long Step, DateTimeOffset At);
