using System.Data.Common;
using Dapper;
using Workbench.Data;

namespace Workbench.Training.Tuning;

/// <summary>
/// A search for the best parameters, kept in the installation's database: processes and hosts that share it work on one study. Each
/// asks for a trial, reports values on the way, and tells the result. A trial whose worker fell silent is given to another, with the
/// same parameters. Thread-safe.
/// </summary>
/// <example><code>
/// var study = await Study.OpenAsync(DataFolder.FromEnvironment(), new StudyOptions { Name = "depth", Space = space });
/// await study.RunAsync(async (trial, stop) => await LossOfAsync(trial.GetDouble("learningRate"), stop), trials: 40, workers: 2);
/// Console.WriteLine(await study.BestAsync());
/// </code></example>
public sealed partial class Study
{
    private readonly RelationalStore _store;
    private readonly string _id;
    private readonly ISampler _sampler;
    private readonly Ladder _ladder;

    private Study(RelationalStore store, string id, StudyOptions options)
    {
        (_store, _id, Options) = (store, id, options);
        (_sampler, _ladder) = (Samplers.Of(options), new Ladder(options));
    }

    /// <summary>What it searches, and how.</summary>
    public StudyOptions Options { get; }

    /// <summary>Creates the study of that name, or opens the one that is there when it goes by the same options.</summary>
    /// <exception cref="ArgumentException">The options are wrong; lists every error.</exception>
    /// <exception cref="TuningException">A study of that name goes by other options; lists the differences.</exception>
    /// <exception cref="DataException">The database cannot be used.</exception>
    public static async Task<Study> OpenAsync(DataFolder folder, StudyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } errors)
            throw new ArgumentException($"The study's options are wrong: {string.Join(" ", errors)}");
        var store = StudyTables.Open(folder);
        var row = await store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(
                    $"""
                    insert into tuning_study (study_id, name, options, created_at, last_number)
                    values (@id, @Name, @json, {store.Engine.Now}, -1)
                    on conflict (name) do nothing
                    """,
                    new { id = Guid.CreateVersion7().ToString("N"), options.Name, json = StudyJson.Write(options) }, transaction);
                return (await ReadRowAsync(connection, options.Name, transaction))!; // it is there now
            },
            cancellationToken);
        var kept = StudyJson.Read(row.Name, row.Options);
        return StudyJson.Differences(kept, options) is { Count: > 0 } differences
            ? throw new TuningException($"The study '{row.Name}' exists and goes by other settings: {string.Join(" ", differences)} Give them as before to go on with it, or give another name.")
            : new(store, row.Id, kept);
    }

    /// <summary>Opens a study by its name.</summary>
    /// <exception cref="TuningException">There is no such study; names the nearest.</exception>
    /// <exception cref="DataException">The database cannot be used.</exception>
    public static async Task<Study> LoadAsync(DataFolder folder, string name, CancellationToken cancellationToken = default)
    {
        var store = StudyTables.Open(folder);
        if (await store.ReadAsync(connection => ReadRowAsync(connection, name), cancellationToken) is { } row)
            return new(store, row.Id, StudyJson.Read(row.Name, row.Options));
        var known = (await store.ReadAsync(connection => connection.QueryAsync<string>("select name from tuning_study order by created_at desc, name limit 20"), cancellationToken)).ToList();
        throw new TuningException($"There is no study '{name}'.{Suggestion.DidYouMean(name, known)} {(known.Count > 0 ? $"Known: {string.Join(", ", known)}." : "None was started yet.")}");
    }

    /// <summary>All studies, the newest first.</summary>
    /// <exception cref="DataException">The database cannot be used.</exception>
    public static async Task<IReadOnlyList<StudySummary>> ListAsync(DataFolder folder, CancellationToken cancellationToken = default)
    {
        var store = StudyTables.Open(folder);
        return await store.ReadAsync<IReadOnlyList<StudySummary>>(async connection =>
        {
            var studies = (await connection.QueryAsync<StudyTables.StudyRow>("select study_id as Id, name as Name, options as Options, created_at as CreatedAt from tuning_study order by created_at desc, name")).ToList();
            var trials = (await connection.QueryAsync<StudyTables.OutcomeRow>("select study_id as StudyId, state as State, value as Value from tuning_trial")).ToLookup(row => row.StudyId);
            return [.. studies.Select(study => Summary(study, [.. trials[study.Id]]))];
        }, cancellationToken);
    }

    /// <summary>All trials by number, with what they reported.</summary>
    public Task<IReadOnlyList<Trial>> TrialsAsync(CancellationToken cancellationToken = default) =>
        _store.ReadAsync(connection => StudyTables.ReadTrialsAsync(connection, _id), cancellationToken);

    /// <summary>The completed trial with the best value, the first of equals; null while there is none.</summary>
    public async Task<Trial?> BestAsync(CancellationToken cancellationToken = default) => BestOf(await TrialsAsync(cancellationToken));

    /// <summary>The completed trial with the best value among these, the first of equals; null when there is none.</summary>
    public Trial? BestOf(IEnumerable<Trial> trials) => trials.Where(trial => trial.State == TrialState.Completed)
        .OrderBy(trial => Sign(Options.Direction) * trial.Value).ThenBy(trial => trial.Number).FirstOrDefault();

    /// <summary>Says that a worker is dead, so that another takes its trial at once and not when it has been silent for long.</summary>
    /// <returns>How many trials it held.</returns>
    public Task<int> ReportLostAsync(string worker, CancellationToken cancellationToken = default) => _store.InWriteTransactionAsync(
        (connection, transaction) => connection.ExecuteAsync(
            "update tuning_trial set heartbeat_at = 1 where study_id = @study and worker = @worker and state = 'Running' and heartbeat_at > 1", new { study = _id, worker }, transaction),
        cancellationToken);

    /// <summary>Whether a trial runs, or waits for a worker to take it up again.</summary>
    internal async Task<bool> IsAnyRunningAsync(CancellationToken cancellationToken) =>
        await _store.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from tuning_trial where study_id = @study and state = 'Running'", new { study = _id }), cancellationToken) > 0;

    /// <summary>1 where lower is better, -1 where higher is.</summary>
    internal static int Sign(StudyDirection direction) => direction == StudyDirection.Minimise ? 1 : -1;

    private static StudySummary Summary(StudyTables.StudyRow study, IReadOnlyList<StudyTables.OutcomeRow> trials)
    {
        var direction = StudyJson.Read(study.Name, study.Options).Direction;
        int Count(TrialState state) => trials.Count(trial => trial.State == state.ToString());
        return new()
        {
            Name = study.Name, Direction = direction, CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(study.CreatedAt),
            Completed = Count(TrialState.Completed), Pruned = Count(TrialState.Pruned), Failed = Count(TrialState.Failed), Running = Count(TrialState.Running),
            BestValue = direction == StudyDirection.Minimise ? trials.Min(trial => trial.Value) : trials.Max(trial => trial.Value), // Only completed ones have a value.
        };
    }

    private static Task<StudyTables.StudyRow?> ReadRowAsync(DbConnection connection, string name, DbTransaction? transaction = null) =>
        connection.QuerySingleOrDefaultAsync<StudyTables.StudyRow>(
            "select study_id as Id, name as Name, options as Options, created_at as CreatedAt, last_number as LastNumber from tuning_study where name = @name", new { name }, transaction);
}
