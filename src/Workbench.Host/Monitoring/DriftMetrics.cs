using Prometheus;
using Workbench.Host.Activities;
using Workbench.Registry;

namespace Workbench.Host.Monitoring;

/// <summary>
/// What the latest drift checks found, for Prometheus: of each model that this host watches (label <c>model</c>), and of each
/// experiment that the activity DriftCheck records its reports in (label <c>experiment</c>). The other label is empty.
/// </summary>
internal sealed class DriftMetrics
{
    private static readonly string[] Labels = ["model", "experiment"];

    private readonly CollectorRegistry _collectors = Metrics.NewCustomRegistry();
    private readonly ModelRegistry _registry;
    private readonly DriftMonitor _monitor;
    private readonly Gauge _share, _drifted, _columns, _referenceRows, _currentRows, _checkedAt, _statistic;

    public DriftMetrics(ModelRegistry registry, DriftMonitor monitor)
    {
        (_registry, _monitor) = (registry, monitor);
        var metrics = Metrics.WithCustomRegistry(_collectors);
        _share = metrics.CreateGauge("workbench_drift_share", "Share of the compared columns that drifted, 0 to 1.", Labels);
        _drifted = metrics.CreateGauge("workbench_drift_drifted_columns", "Columns that drifted.", Labels);
        _columns = metrics.CreateGauge("workbench_drift_columns", "Columns that were compared.", Labels);
        _referenceRows = metrics.CreateGauge("workbench_drift_reference_rows", "Rows that were compared with.", Labels);
        _currentRows = metrics.CreateGauge("workbench_drift_current_rows", "Rows that were compared.", Labels);
        _checkedAt = metrics.CreateGauge("workbench_drift_checked_timestamp_seconds", "When the comparison was made, seconds since 1970.", Labels);
        _statistic = metrics.CreateGauge("workbench_drift_statistic", "Statistic of a test of a column.", [.. Labels, "column", "test"]);
        _collectors.AddBeforeCollectCallback(CollectAsync);
    }

    /// <summary>Answers a scrape.</summary>
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapMetrics(settings => settings.Registry = _collectors, "/metrics");

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (model, check) in _monitor.Latest)
            Set([model, ""], check.At, DriftRun.Metrics(check.Report), shown);
        foreach (var (experiment, run) in await _registry.ListLatestRunsAsync(DriftRun.JsonTag, cancellationToken))
            Set(["", experiment], run.EndedAt ?? run.StartedAt, run.Metrics, shown);
        foreach (var gauge in (Gauge[])[_share, _drifted, _columns, _referenceRows, _currentRows, _checkedAt, _statistic]) // what the latest checks have no more
            foreach (var labels in gauge.GetAllLabelValues().Where(labels => !shown.Contains(Key(gauge, labels))))
                gauge.RemoveLabelled(labels);
    }

    private void Set(string[] labels, DateTimeOffset at, IReadOnlyDictionary<string, double> found, HashSet<string> shown)
    {
        void Show(Gauge gauge, double value, params string[] all)
        {
            gauge.WithLabels(all).Set(value);
            shown.Add(Key(gauge, all));
        }
        Show(_checkedAt, at.ToUnixTimeMilliseconds() / 1000.0, labels);
        foreach (var (name, value) in found)
        {
            var gauge = name switch
            {
                DriftRun.Share => _share,
                DriftRun.Drifted => _drifted,
                DriftRun.Columns => _columns,
                DriftRun.ReferenceRows => _referenceRows,
                DriftRun.CurrentRows => _currentRows,
                _ => null,
            };
            if (gauge is not null)
                Show(gauge, value, labels);
            else if (name.LastIndexOf('.') is > 0 and var dot) // COLUMN.TEST; a column's name may have dots, a test's has none
                Show(_statistic, value, [.. labels, name[..dot], name[(dot + 1)..]]);
        }
    }

    private static string Key(Gauge gauge, string[] labels) => $"{gauge.Name}\n{string.Join('\n', labels)}";
}
