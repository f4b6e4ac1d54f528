using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Workbench.Registry;

public sealed partial class ModelRegistry
{
    private const string RunColumns = "run_id as RunId, experiment_id as ExperimentId, name as Name, status as Status, started_at as StartedAt, ended_at as EndedAt";

    /// <summary>The experiment of that name, created when it does not exist.</summary>
    public Task<Experiment> GetOrCreateExperimentAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(
                    """
                    insert into experiments (experiment_id, name, created_at)
                    values (@id, @name, @now)
                    on conflict (name) do nothing
                    """,
                    new { id = Guid.CreateVersion7().ToString("N"), name, now = _clock.Milliseconds() }, transaction);
                return await ReadExperimentAsync(connection, name);
            },
            cancellationToken);
    }

    /// <summary>Starts a run in the experiment of that name, which is created when it does not exist.</summary>
    /// <param name="experiment">Name of the experiment.</param>
    /// <param name="name">Display name of the run; null takes the experiment's name and the time.</param>
    /// <param name="tags">Free notes.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<ExperimentRun> StartRunAsync(
        string experiment,
        string? name = null,
        IReadOnlyDictionary<string, string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        var owner = await GetOrCreateExperimentAsync(experiment, cancellationToken);
        var now = _clock.GetUtcNow();
        var id = RunId.New();
        var row = new
        {
            id = id.Value,
            experimentId = owner.Id,
            name = name ?? string.Create(CultureInfo.InvariantCulture, $"{experiment} {now:yyyy-MM-dd HH:mm:ss}"),
            status = StatusText(RunStatus.Running),
            at = now.ToUnixTimeMilliseconds(),
        };
        await _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(
                    "insert into runs (run_id, experiment_id, name, status, started_at) values (@id, @experimentId, @name, @status, @at)",
                    row, transaction);
                foreach (var (key, value) in tags ?? new Dictionary<string, string>())
                    await WriteTagAsync(connection, transaction, id, key, value);
            },
            cancellationToken);
        return await GetRunAsync(id, cancellationToken);
    }

    /// <summary>Records what a run was told. A parameter is logged once; the same value again changes nothing.</summary>
    /// <exception cref="RegistryException">The run is unknown, or the parameter was logged with another value.</exception>
    public Task LogParameterAsync(RunId runId, string key, string value, CancellationToken cancellationToken = default) =>
        WriteToRunAsync(
            runId,
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(
                    "insert into params (run_id, key, value) values (@run, @key, @value) on conflict (run_id, key) do nothing",
                    new { run = runId.Value, key, value }, transaction);
                var stored = await connection.QuerySingleAsync<string>(
                    "select value from params where run_id = @run and key = @key", new { run = runId.Value, key }, transaction);
                if (stored != value)
                    throw new RegistryException(
                        $"Parameter '{key}' of run {runId} is '{stored}' and cannot become '{value}'. Log a changing value as a metric or a tag.");
            },
            cancellationToken);

    /// <summary>Adds a value to the history of a metric.</summary>
    /// <exception cref="RegistryException">The run is unknown.</exception>
    public Task LogMetricAsync(RunId runId, string key, double value, long step = 0, CancellationToken cancellationToken = default) =>
        LogMetricsAsync(runId, new Dictionary<string, double> { [key] = value }, step, cancellationToken);

    /// <summary>Adds a value to the history of each metric, all or none.</summary>
    /// <exception cref="RegistryException">The run is unknown.</exception>
    public Task LogMetricsAsync(RunId runId, IReadOnlyDictionary<string, double> values, long step = 0, CancellationToken cancellationToken = default) =>
        WriteToRunAsync(
            runId,
            (connection, transaction) => connection.ExecuteAsync(
                """
                insert into metrics (run_id, key, sequence, value, is_nan, step, logged_at)
                select @run, @key, coalesce(max(sequence), 0) + 1, @value, @isNan, @step, @now
                from metrics
                where run_id = @run and key = @key
                """,
                values.Select(one => new
                {
                    run = runId.Value,
                    key = one.Key,
                    value = double.IsNaN(one.Value) ? 0 : one.Value,
                    isNan = double.IsNaN(one.Value) ? 1 : 0,
                    step,
                    now = _clock.Milliseconds(),
                }).ToList(),
                transaction),
            cancellationToken);

    /// <summary>Sets a note of a run; an earlier value is replaced.</summary>
    /// <exception cref="RegistryException">The run is unknown.</exception>
    public Task SetTagAsync(RunId runId, string key, string value, CancellationToken cancellationToken = default) =>
        WriteToRunAsync(runId, (connection, transaction) => WriteTagAsync(connection, transaction, runId, key, value), cancellationToken);

    /// <summary>Ends a run.</summary>
    /// <exception cref="RegistryException">The run is unknown.</exception>
    public Task EndRunAsync(RunId runId, RunStatus status = RunStatus.Finished, CancellationToken cancellationToken = default) =>
        WriteToRunAsync(
            runId,
            (connection, transaction) => connection.ExecuteAsync(
                "update runs set status = @status, ended_at = @endedAt where run_id = @run",
                new { run = runId.Value, status = StatusText(status), endedAt = status == RunStatus.Running ? (long?)null : _clock.Milliseconds() },
                transaction),
            cancellationToken);

    /// <summary>Ends the runs at work of a job that did not succeed, and notes why.</summary>
    /// <param name="job">The job's key, which its runs carry as the note <see cref="RunTags.Job"/>.</param>
    /// <param name="status">How they end.</param>
    /// <param name="error">Why, kept as the note <see cref="RunTags.Error"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task EndJobAsync(string job, RunStatus status, string error, CancellationToken cancellationToken = default) =>
        _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                var runs = await connection.QueryAsync<string>(
                    "select runs.run_id from runs join tags on tags.run_id = runs.run_id where tags.key = @tag and tags.value = @job and runs.status = @running",
                    new { tag = RunTags.Job, job, running = StatusText(RunStatus.Running) }, transaction);
                foreach (var run in runs.ToList())
                {
                    await WriteTagAsync(connection, transaction, new RunId(run), RunTags.Error, error);
                    await connection.ExecuteAsync("update runs set status = @status, ended_at = @now where run_id = @run", new { run, status = StatusText(status), now = _clock.Milliseconds() }, transaction);
                }
            },
            cancellationToken);

    /// <summary>A run as it stands now.</summary>
    /// <exception cref="RegistryException">The run is unknown.</exception>
    public Task<ExperimentRun> GetRunAsync(RunId runId, CancellationToken cancellationToken = default) =>
        _store.ReadAsync(
            async connection =>
            {
                var row = await connection.QuerySingleOrDefaultAsync<RunRow>(
                    $"select {RunColumns} from runs where run_id = @run", new { run = runId.Value });
                return row is null ? throw UnknownRun(runId) : await FillRunAsync(connection, row);
            },
            cancellationToken);

    /// <summary>The newest runs, latest start first.</summary>
    /// <param name="experiment">Name of an experiment, or null for all.</param>
    /// <param name="limit">Most runs to return.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RegistryException">The experiment is unknown; names the nearest.</exception>
    public Task<IReadOnlyList<ExperimentRun>> ListRunsAsync(string? experiment = null, int limit = 100, CancellationToken cancellationToken = default) =>
        _store.ReadAsync<IReadOnlyList<ExperimentRun>>(
            async connection =>
            {
                var experimentId = experiment is null ? null : (await ReadExperimentAsync(connection, experiment)).Id;
                var rows = await connection.QueryAsync<RunRow>(
                    $"""
                    select {RunColumns}
                    from runs
                    where cast(@experimentId as text) is null or experiment_id = @experimentId
                    order by started_at desc, run_id desc
                    limit @limit
                    """,
                    new { experimentId, limit });
                var runs = new List<ExperimentRun>();
                foreach (var row in rows)
                    runs.Add(await FillRunAsync(connection, row));
                return runs;
            },
            cancellationToken);

    /// <summary>Of each experiment the newest finished run that has a note of this name, by the experiment's name.</summary>
    /// <param name="tag">Name of the note.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<IReadOnlyDictionary<string, ExperimentRun>> ListLatestRunsAsync(string tag, CancellationToken cancellationToken = default) =>
        _store.ReadAsync<IReadOnlyDictionary<string, ExperimentRun>>(
            async connection =>
            {
                var latest = await connection.QueryAsync<(string Experiment, string RunId)>(
                    """
                    select experiment, run_id
                    from (
                        select experiments.name as experiment, runs.run_id as run_id,
                               row_number() over (partition by runs.experiment_id order by runs.started_at desc, runs.run_id desc) as place
                        from runs join experiments on experiments.experiment_id = runs.experiment_id join tags on tags.run_id = runs.run_id
                        where tags.key = @tag and runs.status = @finished
                    ) numbered
                    where place = 1
                    """,
                    new { tag, finished = StatusText(RunStatus.Finished) });
                var runs = new Dictionary<string, ExperimentRun>(StringComparer.Ordinal);
                foreach (var (experiment, id) in latest)
                    runs[experiment] = await FillRunAsync(connection, await connection.QuerySingleAsync<RunRow>($"select {RunColumns} from runs where run_id = @id", new { id }));
                return runs;
            },
            cancellationToken);

    /// <summary>Every logged value of a metric, in the order of logging; empty when it was never logged.</summary>
    /// <exception cref="RegistryException">The run is unknown.</exception>
    public Task<IReadOnlyList<MetricPoint>> GetMetricHistoryAsync(RunId runId, string key, CancellationToken cancellationToken = default) =>
        _store.ReadAsync<IReadOnlyList<MetricPoint>>(
            async connection =>
            {
                await RequireRunAsync(connection, runId);
                var rows = await connection.QueryAsync<MetricRow>(
                    """
                    select key as Key, value as Value, is_nan as IsNan, step as Step, logged_at as LoggedAt
                    from metrics
                    where run_id = @run and key = @key
                    order by sequence
                    """,
                    new { run = runId.Value, key });
                return [.. rows.Select(row => new MetricPoint(row.Number, row.Step, RegistryTime.From(row.LoggedAt)))];
            },
            cancellationToken);

    private Task WriteToRunAsync(RunId runId, Func<DbConnection, DbTransaction, Task> write, CancellationToken cancellationToken) =>
        _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                // Orders the writers of one run, whose metrics are numbered.
                if (await connection.ExecuteScalarAsync<string?>($"select run_id from runs where run_id = @run {_store.Engine.ForUpdate}", new { run = runId.Value }) is null)
                    throw UnknownRun(runId);
                await write(connection, transaction);
            },
            cancellationToken);

    private static Task WriteTagAsync(DbConnection connection, DbTransaction transaction, RunId runId, string key, string value) =>
        connection.ExecuteAsync(
            """
            insert into tags (run_id, key, value)
            values (@run, @key, @value)
            on conflict (run_id, key) do update set value = excluded.value
            """,
            new { run = runId.Value, key, value }, transaction);

    private static async Task<Experiment> ReadExperimentAsync(DbConnection connection, string name)
    {
        var rows = (await connection.QueryAsync<ExperimentRow>(
            "select experiment_id as Id, name as Name, created_at as CreatedAt from experiments order by name")).AsList();
        var row = rows.Find(row => row.Name == name)
            ?? throw new RegistryException($"Unknown experiment '{name}'. {Spelling.Suggest(name, [.. rows.Select(row => row.Name)])}");
        return new Experiment(row.Id, row.Name, RegistryTime.From(row.CreatedAt));
    }

    private static async Task<ExperimentRun> FillRunAsync(DbConnection connection, RunRow row)
    {
        var key = new { run = row.RunId };
        var parameters = await connection.QueryAsync<PairRow>("select key as Key, value as Value from params where run_id = @run order by key", key);
        var tags = await connection.QueryAsync<PairRow>("select key as Key, value as Value from tags where run_id = @run order by key", key);
        var metrics = await connection.QueryAsync<MetricRow>(
            """
            select m.key as Key, m.value as Value, m.is_nan as IsNan, m.step as Step, m.logged_at as LoggedAt
            from metrics m
            join (select key, max(sequence) as sequence from metrics where run_id = @run group by key) last
                on last.key = m.key and last.sequence = m.sequence
            where m.run_id = @run
            order by m.key
            """,
            key);
        return new ExperimentRun
        {
            Id = new RunId(row.RunId),
            ExperimentId = row.ExperimentId,
            Name = row.Name,
            Status = Enum.Parse<RunStatus>(row.Status, ignoreCase: true),
            StartedAt = RegistryTime.From(row.StartedAt),
            EndedAt = RegistryTime.From(row.EndedAt),
            Parameters = parameters.ToDictionary(pair => pair.Key, pair => pair.Value),
            Metrics = metrics.ToDictionary(metric => metric.Key, metric => metric.Number),
            Tags = tags.ToDictionary(pair => pair.Key, pair => pair.Value),
        };
    }

    private static async Task RequireRunAsync(DbConnection connection, RunId runId)
    {
        if (await connection.ExecuteScalarAsync<long>("select count(*) from runs where run_id = @run", new { run = runId.Value }) == 0)
            throw UnknownRun(runId);
    }

    private static RegistryException UnknownRun(RunId runId) =>
        new($"Unknown run '{runId}'. Start one with {nameof(StartRunAsync)}, or list the known ones with 'workbench run list'.");

    /// <summary>MLflow's spelling: RUNNING, FINISHED, FAILED, KILLED.</summary>
    private static string StatusText(RunStatus status) => status.ToString().ToUpperInvariant();

    private sealed record ExperimentRow
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public long CreatedAt { get; init; }
    }

    private sealed record RunRow
    {
        public string RunId { get; init; } = "";
        public string ExperimentId { get; init; } = "";
        public string Name { get; init; } = "";
        public string Status { get; init; } = "";
        public long StartedAt { get; init; }
        public long? EndedAt { get; init; }
    }

    private sealed record MetricRow
    {
        public string Key { get; init; } = "";
        public double Value { get; init; }
        public long IsNan { get; init; }
        public long Step { get; init; }
        public long LoggedAt { get; init; }
        public double Number => IsNan == 1 ? double.NaN : Value;
    }

    private sealed record PairRow
    {
        public string Key { get; init; } = "";
        public string Value { get; init; } = "";
    }
}
