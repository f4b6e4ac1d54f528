namespace Workbench.Monitoring;

/// <summary>Where an alert stands; the meaning is Prometheus's.</summary>
public enum AlertState
{
    /// <summary>The threshold is not crossed.</summary>
    Inactive,
    /// <summary>The threshold is crossed, but not for long enough yet.</summary>
    Pending,
    /// <summary>The threshold was crossed for the whole of <see cref="MetricRule.For"/>.</summary>
    Firing,
    /// <summary>It fired, and the threshold is no longer crossed.</summary>
    Resolved,
}
