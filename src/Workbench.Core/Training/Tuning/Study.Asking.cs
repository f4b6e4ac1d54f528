using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;

namespace Workbench.Training.Tuning;

public sealed partial class Study
{
    /// <summary>
    /// The next trial to work on: one whose worker was lost or stopped, with its parameters, else a new one. One transaction: no two
    /// workers get the same. Dispose it; one that was not told an end goes to the next who asks.
    /// </summary>
    /// <param name="limit">Most trials of the whole study, whoever asked for them; null for no limit.</param>
    /// <param name="worker">Name of the worker, for people and for <see cref="ReportLostAsync"/>; default machine and process.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The trial, or null when there are as many as <paramref name="limit"/>.</returns>
    /// <exception cref="Data.DataException">The database cannot be used.</exception>
    public async Task<ActiveTrial?> AskAsync(int? limit = null, string? worker = null, CancellationToken cancellationToken = default)
    {
        worker ??= string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}");
        var row = await _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                // Those who ask follow one another from here on.
                var last = await connection.ExecuteScalarAsync<long>($"select last_number from tuning_study where study_id = @study {_store.Engine.ForUpdate}", new { study = _id }, transaction);
                return await TakeUpAsync(connection, transaction, worker) ?? (limit is null || last + 1 < limit ? await AddAsync(connection, transaction, (int)last + 1, worker) : null);
            },
            cancellationToken);
        return row is null ? null : new ActiveTrial(this, _store, _id, row);
    }

    /// <summary>What a report makes of a trial; runs in the transaction of the report.</summary>
    internal async Task<bool> GoesOnAsync(DbConnection connection, DbTransaction transaction, int number, long before, long step)
    {
        if (_ladder.RungBetween(number, before, step) is not { } rung)
            return true;
        // Of each trial the first value at the rung or beyond it.
        var reached = (await connection.QueryAsync<StudyTables.StepRow>(
            """
            select s.number as Number, s.step as Step, s.value as Value
            from tuning_step s
            join (select number, min(step) as step from tuning_step where study_id = @study and step >= @rung group by number) first
                on first.number = s.number and first.step = s.step
            where s.study_id = @study
            """,
            new { study = _id, rung }, transaction)).Where(row => _ladder.Compete(number, (int)row.Number)).ToList();
        int sign = Sign(Options.StepsBetter);
        return _ladder.GoesOn(sign * reached.Single(row => row.Number == number).Value, [.. reached.Select(row => sign * row.Value)]);
    }

    private async Task<StudyTables.TrialRow?> TakeUpAsync(DbConnection connection, DbTransaction transaction, string worker)
    {
        var silent = await connection.QueryAsync<StudyTables.TrialRow>(
            $"""
            select {StudyTables.TrialColumns}
            from tuning_trial t
            where t.study_id = @study and t.state = 'Running' and t.heartbeat_at < {_store.Engine.Now} - @stale
            order by t.number
            {_store.Engine.ForUpdate}
            """,
            new { study = _id, stale = (long)Options.StaleAfter.TotalMilliseconds }, transaction);
        foreach (var row in silent)
        {
            // One that was given back was not lost.
            long losses = row.Losses + (row.HeartbeatAt == 0 ? 0 : 1);
            if (losses <= Options.MaxRetries)
                return await TakeUpAsync(connection, transaction, row with { Losses = losses, Attempt = row.Attempt + 1, Worker = worker });
            await connection.ExecuteAsync(
                $"update tuning_trial set state = 'Failed', losses = @losses, ended_at = {_store.Engine.Now}, error = @error where study_id = @study and number = @Number",
                new { study = _id, row.Number, losses, error = FormattableString.Invariant($"Its worker died {losses} times, last {row.Worker}; more than {Options.MaxRetries} retries are not made.") }, transaction);
        }
        return null;
    }

    private async Task<StudyTables.TrialRow> TakeUpAsync(DbConnection connection, DbTransaction transaction, StudyTables.TrialRow row)
    {
        var key = new { study = _id, row.Number, row.Losses, row.Attempt, row.Worker };
        await connection.ExecuteAsync("delete from tuning_step where study_id = @study and number = @Number", key, transaction);
        await connection.ExecuteAsync(
            $"""
            update tuning_trial
            set attempt = @Attempt, losses = @Losses, worker = @Worker, heartbeat_at = {_store.Engine.Now}, started_at = {_store.Engine.Now}, note = null
            where study_id = @study and number = @Number
            """,
            key, transaction);
        return row;
    }

    private async Task<StudyTables.TrialRow> AddAsync(DbConnection connection, DbTransaction transaction, int number, string worker)
    {
        var parameters = number < Options.FirstTrials.Count ? Options.FirstTrials[number] : Sample(number, await StudyTables.ReadTrialsAsync(connection, _id, transaction));
        var row = new StudyTables.TrialRow { Number = number, State = nameof(TrialState.Running), Parameters = parameters.ToJsonString(), Attempt = 1, Worker = worker };
        await connection.ExecuteAsync("update tuning_study set last_number = @number where study_id = @study", new { study = _id, number }, transaction);
        await connection.ExecuteAsync(
            $"""
            insert into tuning_trial (study_id, number, state, parameters, attempt, losses, worker, heartbeat_at, started_at)
            values (@study, @Number, @State, @Parameters, 1, 0, @Worker, {_store.Engine.Now}, {_store.Engine.Now})
            """,
            new { study = _id, row.Number, row.State, row.Parameters, row.Worker }, transaction);
        return row;
    }

    private JsonObject Sample(int number, IReadOnlyList<Trial> trials) => Options.Space.ParametersAt(
        _sampler.Next(Options.Space.Axes, [.. trials.Select(Past).OfType<PastTrial>()], Samplers.RandomOf(Options.Seed, number)));

    private PastTrial? Past(Trial trial)
    {
        var last = trial.Steps.Count > 0 ? trial.Steps[^1] : null;
        double value = trial.State == TrialState.Completed ? Sign(Options.Direction) * trial.Value!.Value // a completed trial has one
            : last is null ? 0 : Sign(Options.StepsBetter) * last.Value;
        return Options.Space.CoordinatesOf(trial.Parameters) is { } coordinates ? new(trial.Number, trial.State, coordinates, value, last?.Step ?? 0) : null;
    }
}
