using System.Data.Common;
using Dapper;
using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>Rows of the alert tables.</summary>
internal static class AlertTables
{
    private const string ScriptPrefix = "Workbench.Monitoring.Migrations.";
    private const string JournalTable = "monitoring_journal";

    private const string StateColumns = """
        rule as Rule, model as Model, version as Version, state as State, active_at as ActiveAt, fired_at as FiredAt, value as Value,
        row_count as Rows, evaluated_at as EvaluatedAt, note as Note
        """;

    public const string EventColumns = """
        e.event_id as Id, e.rule as Rule, e.model as Model, e.version as Version, e.state as State, e.metric as Metric, e.value as Value,
        e.threshold as Threshold, e.fires_below as FiresBelow, e.row_count as Rows, e.at as At, e.starts_at as StartsAt,
        e.actions as Actions, e.note as Note
        """;

    public static RelationalStore Open(DataFolder folder)
    {
        var store = RelationalStore.Open(folder);
        store.Migrate(typeof(AlertTables).Assembly, ScriptPrefix, JournalTable);
        return store;
    }

    public static async Task<IReadOnlyList<AlertStatus>> ReadStatesAsync(DbConnection connection, string? rule = null)
    {
        var rows = await connection.QueryAsync<StateRow>(
            $"select {StateColumns} from alert_state where cast(@rule as text) is null or rule = @rule order by rule", new { rule });
        return [.. rows.Select(row => row.ToStatus())];
    }

    public static Task WriteStateAsync(DbConnection connection, DbTransaction transaction, AlertStatus status) =>
        connection.ExecuteAsync(
            """
            insert into alert_state (rule, model, version, state, active_at, fired_at, value, row_count, evaluated_at, note)
            values (@Rule, @Model, @Version, @state, @activeAt, @firedAt, @Value, @Rows, @evaluatedAt, @Note)
            on conflict (rule) do update set
                model = excluded.model, version = excluded.version, state = excluded.state, active_at = excluded.active_at,
                fired_at = excluded.fired_at, value = excluded.value, row_count = excluded.row_count,
                evaluated_at = excluded.evaluated_at, note = excluded.note
            """,
            new
            {
                status.Rule,
                status.Model,
                status.Version,
                state = status.State.ToString(),
                activeAt = status.ActiveAt?.ToUnixTimeMilliseconds(),
                firedAt = status.FiredAt?.ToUnixTimeMilliseconds(),
                status.Value,
                status.Rows,
                evaluatedAt = status.EvaluatedAt.ToUnixTimeMilliseconds(),
                status.Note,
            },
            transaction);

    public static Task WriteEventAsync(DbConnection connection, DbTransaction transaction, AlertEvent alert) =>
        connection.ExecuteAsync(
            """
            insert into alert_event
                (event_id, sequence, rule, model, version, state, metric, value, threshold, fires_below, row_count, at, starts_at, actions, note, dispatched)
            select
                @Id, coalesce(max(sequence), 0) + 1, @Rule, @Model, @Version, @state, @Metric, @Value, @Threshold, @firesBelow, @Rows, @at, @startsAt,
                @actions, @Note, @dispatched
            from alert_event
            """,
            new
            {
                alert.Id,
                alert.Rule,
                alert.Model,
                alert.Version,
                state = alert.State.ToString(),
                alert.Metric,
                alert.Value,
                alert.Threshold,
                firesBelow = alert.FiresBelow ? 1 : 0,
                alert.Rows,
                at = alert.At.ToUnixTimeMilliseconds(),
                startsAt = alert.StartsAt?.ToUnixTimeMilliseconds(),
                actions = RegistryJson.Write(alert.Actions),
                alert.Note,
                dispatched = alert.State is AlertState.Firing or AlertState.Resolved ? 0 : 1,
            },
            transaction);

    public sealed record EventRow
    {
        public string Id { get; init; } = "";
        public string Rule { get; init; } = "";
        public string Model { get; init; } = "";
        public long? Version { get; init; }
        public string State { get; init; } = "";
        public string Metric { get; init; } = "";
        public double? Value { get; init; }
        public double Threshold { get; init; }
        public long FiresBelow { get; init; }
        public long Rows { get; init; }
        public long At { get; init; }
        public long? StartsAt { get; init; }
        public string Actions { get; init; } = "";
        public string Note { get; init; } = "";

        public AlertEvent ToEvent() => new()
        {
            Id = Id,
            Rule = Rule,
            Model = Model,
            Version = (int?)Version,
            State = Enum.Parse<AlertState>(State),
            Metric = Metric,
            Value = Value,
            Threshold = Threshold,
            FiresBelow = FiresBelow == 1,
            Rows = Rows,
            At = RegistryTime.From(At),
            StartsAt = RegistryTime.From(StartsAt),
            Actions = RegistryJson.Read<List<string>>(Actions),
            Note = Note,
        };
    }

    private sealed record StateRow
    {
        public string Rule { get; init; } = "";
        public string Model { get; init; } = "";
        public long? Version { get; init; }
        public string State { get; init; } = "";
        public long? ActiveAt { get; init; }
        public long? FiredAt { get; init; }
        public double? Value { get; init; }
        public long Rows { get; init; }
        public long EvaluatedAt { get; init; }
        public string Note { get; init; } = "";

        public AlertStatus ToStatus() => new()
        {
            Rule = Rule,
            Model = Model,
            Version = (int?)Version,
            State = Enum.Parse<AlertState>(State),
            ActiveAt = RegistryTime.From(ActiveAt),
            FiredAt = RegistryTime.From(FiredAt),
            Value = Value,
            Rows = Rows,
            EvaluatedAt = RegistryTime.From(EvaluatedAt),
            Note = Note,
        };
    }
}
