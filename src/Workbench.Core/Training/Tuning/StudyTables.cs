using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using Workbench.Data;

namespace Workbench.Training.Tuning;

/// <summary>Rows of the tables of studies.</summary>
internal static class StudyTables
{
    private const string ScriptPrefix = "Workbench.Training.Tuning.Migrations.";
    private const string JournalTable = "tuning_journal";

    public const string TrialColumns = """
        t.number as Number, t.state as State, t.parameters as Parameters, t.value as Value, t.attempt as Attempt, t.losses as Losses, t.worker as Worker,
        t.heartbeat_at as HeartbeatAt, t.started_at as StartedAt, t.ended_at as EndedAt, t.note as Note, t.error as Error
        """;

    public static RelationalStore Open(DataFolder folder)
    {
        var store = RelationalStore.Open(folder);
        store.Migrate(typeof(StudyTables).Assembly, ScriptPrefix, JournalTable);
        return store;
    }

    public static async Task<IReadOnlyList<Trial>> ReadTrialsAsync(DbConnection connection, string studyId, DbTransaction? transaction = null)
    {
        var steps = (await connection.QueryAsync<StepRow>(
            "select number as Number, step as Step, value as Value from tuning_step where study_id = @studyId order by number, step", new { studyId }, transaction))
            .ToLookup(row => row.Number, row => new TrialStep(row.Step, row.Value));
        return [.. (await connection.QueryAsync<TrialRow>($"select {TrialColumns} from tuning_trial t where t.study_id = @studyId order by t.number", new { studyId }, transaction))
            .Select(row => row.ToTrial([.. steps[row.Number]]))];
    }

    public sealed record StudyRow
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Options { get; init; } = "";
        public long CreatedAt { get; init; }
        public long LastNumber { get; init; }
    }

    public sealed record OutcomeRow
    {
        public string StudyId { get; init; } = "";
        public string State { get; init; } = "";
        public double? Value { get; init; }
    }

    public sealed record StepRow
    {
        public long Number { get; init; }
        public long Step { get; init; }
        public double Value { get; init; }
    }

    public sealed record TrialRow
    {
        public long Number { get; init; }
        public string State { get; init; } = "";
        public string Parameters { get; init; } = "";
        public double? Value { get; init; }
        public long Attempt { get; init; }
        public long Losses { get; init; }
        public string Worker { get; init; } = "";
        public long HeartbeatAt { get; init; }
        public long StartedAt { get; init; }
        public long? EndedAt { get; init; }
        public string? Note { get; init; }
        public string? Error { get; init; }

        public JsonObject ReadParameters() => JsonNode.Parse(Parameters)!.AsObject(); // written by us

        public Trial ToTrial(IReadOnlyList<TrialStep> steps) => new()
        {
            Number = (int)Number, State = Enum.Parse<TrialState>(State), Parameters = ReadParameters(), Value = Value, Steps = steps, Attempt = (int)Attempt,
            Worker = Worker, Note = Note, Error = Error, StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(StartedAt),
            EndedAt = EndedAt is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        };
    }
}
