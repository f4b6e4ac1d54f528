namespace Workbench.Monitoring;

/// <summary>The state of one alert and how one evaluation changes it (Prometheus, rules/alerting.go).</summary>
/// <param name="State">Where it stands.</param>
/// <param name="ActiveAt">When the threshold was crossed; null unless pending or firing.</param>
/// <param name="FiredAt">When it fired; kept when resolved.</param>
internal readonly record struct AlertProgress(AlertState State, DateTimeOffset? ActiveAt = null, DateTimeOffset? FiredAt = null)
{
    /// <param name="crossed">Whether the threshold is crossed, or null for no data, which changes nothing.</param>
    /// <param name="now">Time of the evaluation.</param>
    /// <param name="hold">How long it must be crossed to fire; a crossing that lasted exactly as long fires.</param>
    public AlertProgress Next(bool? crossed, DateTimeOffset now, TimeSpan hold) => (crossed, State) switch
    {
        (null, _) => this,
        (false, AlertState.Pending) => new AlertProgress(AlertState.Inactive),
        (false, AlertState.Firing) => new AlertProgress(AlertState.Resolved, null, FiredAt),
        (false, _) => this,
        (true, AlertState.Firing) => this,
        (true, AlertState.Pending) => Hold(ActiveAt ?? now, now, hold),
        (true, _) => Hold(now, now, hold),
    };

    /// <summary>The alert after the version it was about gave way to another one.</summary>
    public AlertProgress Reset() => Next(false, default, default);

    private static AlertProgress Hold(DateTimeOffset activeAt, DateTimeOffset now, TimeSpan hold) =>
        now - activeAt >= hold
            ? new AlertProgress(AlertState.Firing, activeAt, now)
            : new AlertProgress(AlertState.Pending, activeAt);
}
