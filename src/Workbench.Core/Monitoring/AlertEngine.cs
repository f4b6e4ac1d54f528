using System.Data.Common;
using System.Globalization;
using Dapper;
using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>
/// Evaluates rules against the event log and keeps the state of their alerts in the database, so that a restart goes on
/// where it was. A rule looks only at predictions of the version that is champion now: when the champion changes, a pending
/// alert is dropped and a firing one resolved, and the new version starts afresh. With too few labelled rows nothing changes:
/// an alert stays pending or firing. Thread-safe.
/// </summary>
/// <example><code>
/// var engine = AlertEngine.Open(folder, registry);
/// var rule = new MetricRule { Name = "churn-accuracy", Model = "churn", Below = 0.90, For = TimeSpan.FromDays(2), Actions = ["retrain"] };
/// foreach (var change in await engine.EvaluateAsync([rule], clock.GetUtcNow())) Console.WriteLine(change.Summary);
/// </code></example>
public sealed class AlertEngine
{
    private readonly RelationalStore _store;
    private readonly ModelRegistry _registry;
    private readonly string _alias;

    private AlertEngine(RelationalStore store, ModelRegistry registry, string alias) => (_store, _registry, _alias) = (store, registry, alias);

    /// <summary>Opens the engine on the database of <paramref name="registry"/>'s folder and creates or upgrades its tables.</summary>
    /// <param name="registry">Says which version is champion.</param>
    /// <param name="alias">The alias whose version is watched.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static AlertEngine Open(ModelRegistry registry, string alias = "champion") => new(AlertTables.Open(registry.Folder), registry, alias);

    /// <summary>Evaluates every rule once.</summary>
    /// <param name="rules">All rules in force.</param>
    /// <param name="now">Business time; never before that of the evaluation before.</param>
    /// <param name="cancellationToken">Stops between two rules.</param>
    /// <returns>The alerts that changed their state, in the order of the rules.</returns>
    /// <exception cref="ArgumentException">A rule is not sound; lists every error.</exception>
    public async Task<IReadOnlyList<AlertEvent>> EvaluateAsync(
        IReadOnlyList<MetricRule> rules, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        MetricRule.EnsureValid(rules);
        var models = await _registry.ListModelsAsync(cancellationToken);
        var changes = new List<AlertEvent>();
        foreach (var rule in rules)
        {
            var finding = await MeasureAsync(rule, models, now, cancellationToken);
            changes.AddRange(await _store.InWriteTransactionAsync(
                (connection, transaction) => AdvanceAsync(connection, transaction, rule, finding, now), cancellationToken));
        }
        return changes;
    }

    /// <summary>Records an alert that no rule found, such as one that a pipeline raises; it is delivered as any other.</summary>
    /// <returns>False when an alert with its id is there already; nothing changes then.</returns>
    public Task<bool> RaiseAsync(AlertEvent alert, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                await LockAsync(connection, transaction);
                if (await connection.ExecuteScalarAsync<long>("select count(*) from alert_event where event_id = @Id", new { alert.Id }, transaction) > 0)
                    return false;
                await AlertTables.WriteEventAsync(connection, transaction, alert);
                return true;
            },
            cancellationToken);
    }

    /// <summary>What the last evaluation of each rule found, by name of the rule.</summary>
    public Task<IReadOnlyList<AlertStatus>> StatesAsync(CancellationToken cancellationToken = default) =>
        _store.ReadAsync(connection => AlertTables.ReadStatesAsync(connection), cancellationToken);

    /// <summary>The newest changes of state, oldest first.</summary>
    public Task<IReadOnlyList<AlertEvent>> EventsAsync(int limit = 100, CancellationToken cancellationToken = default) =>
        _store.ReadAsync<IReadOnlyList<AlertEvent>>(
            async connection =>
            {
                var rows = await connection.QueryAsync<AlertTables.EventRow>(
                    $"select {AlertTables.EventColumns} from alert_event e order by e.sequence desc limit @limit", new { limit });
                return [.. rows.Reverse().Select(row => row.ToEvent())];
            },
            cancellationToken);

    private async Task<Finding> MeasureAsync(
        MetricRule rule, IReadOnlyList<RegisteredModel> models, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var model = models.FirstOrDefault(model => model.Name == rule.Model);
        if (model is null)
            return new Finding(null, null, 0, $"Unknown model '{rule.Model}'. {Spelling.Suggest(rule.Model, [.. models.Select(known => known.Name)])}");
        if (!model.Aliases.TryGetValue(_alias, out var version))
            return new Finding(null, null, 0, $"No version of model '{rule.Model}' has the alias '{_alias}'.");
        var window = await PerformanceWindow.ByLabelArrivalAsync(_registry.Folder, rule.Model, version, now - rule.Window, now, cancellationToken);
        var value = PerformanceMetric.Compute(rule.Metric, window.Counts);
        return new Finding(version, value, window.Labelled, NoteOn(rule, value, window.Labelled));
    }

    private static string NoteOn(MetricRule rule, double? value, long rows)
    {
        if (rows < rule.MinimumRows)
            return string.Create(CultureInfo.InvariantCulture, $"No data: {rows} labelled rows, and the rule wants {rule.MinimumRows}.");
        return value is null ? $"No data: {rule.Metric} is not defined on these rows." : "";
    }

    /// <summary>Orders the writers of states and events: of two that evaluate a rule at once the second sees what the first found.</summary>
    private Task LockAsync(DbConnection connection, DbTransaction transaction) =>
        connection.ExecuteAsync(_store.Engine.LockTable("alert_event"), transaction: transaction);

    private async Task<IReadOnlyList<AlertEvent>> AdvanceAsync(
        DbConnection connection, DbTransaction transaction, MetricRule rule, Finding finding, DateTimeOffset now)
    {
        await LockAsync(connection, transaction);
        var before = (await AlertTables.ReadStatesAsync(connection, rule.Name)).FirstOrDefault();
        var progress = before is null ? new AlertProgress(AlertState.Inactive) : new AlertProgress(before.State, before.ActiveAt, before.FiredAt);
        var changes = new List<AlertEvent>();
        if (before is not null && before.Version != finding.Version)
        {
            var reset = progress.Reset();
            if (reset.State != progress.State)
                changes.Add(EventOf(rule, new Finding(before.Version, null, 0, "The champion is another version now."), reset, now));
            progress = new AlertProgress(AlertState.Inactive);
        }
        var next = progress.Next(IsCrossed(rule, finding), now, rule.For);
        if (next.State != progress.State)
            changes.Add(EventOf(rule, finding, next, now));
        foreach (var change in changes)
            await AlertTables.WriteEventAsync(connection, transaction, change);
        await AlertTables.WriteStateAsync(connection, transaction, StatusOf(rule, finding, next, now));
        return changes;
    }

    private static bool? IsCrossed(MetricRule rule, Finding finding)
    {
        if (finding.Note.Length > 0 || finding.Value is not { } value)
            return null;
        return rule.Below is not null ? value < rule.Threshold : value > rule.Threshold;
    }

    private static AlertStatus StatusOf(MetricRule rule, Finding finding, AlertProgress progress, DateTimeOffset now) => new()
    {
        Rule = rule.Name,
        Model = rule.Model,
        Version = finding.Version,
        State = progress.State,
        ActiveAt = progress.ActiveAt,
        FiredAt = progress.FiredAt,
        Value = finding.Value,
        Rows = finding.Rows,
        EvaluatedAt = now,
        Note = finding.Note,
    };

    private static AlertEvent EventOf(MetricRule rule, Finding finding, AlertProgress progress, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7().ToString("N"),
        Rule = rule.Name,
        Model = rule.Model,
        Version = finding.Version,
        State = progress.State,
        Metric = rule.Metric,
        Value = finding.Value,
        Threshold = rule.Threshold,
        FiresBelow = rule.Below is not null,
        Rows = finding.Rows,
        At = now,
        StartsAt = progress.FiredAt ?? progress.ActiveAt,
        Actions = rule.Actions,
        Note = finding.Note,
    };

    /// <summary>What was measured for a rule; a note that is not empty says why it is no data.</summary>
    private sealed record Finding(int? Version, double? Value, long Rows, string Note);
}
