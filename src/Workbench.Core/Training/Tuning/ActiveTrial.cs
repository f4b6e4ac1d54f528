using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Workbench.Data;

namespace Workbench.Training.Tuning;

/// <summary>
/// A trial in the hands of its worker: it has parameters, takes reports, and is told one end. A heartbeat goes on until then; when
/// another worker was given the trial meanwhile, <see cref="Lost"/> is cancelled and nothing more is taken. One that is disposed
/// without an end goes to the next who asks. Members are called one after the other.
/// </summary>
public sealed class ActiveTrial : IAsyncDisposable
{
    // So many beats may fail to reach the database before the trial counts as lost.
    private const int BeatsBeforeStale = 6;

    private readonly Study _study;
    private readonly RelationalStore _store;
    private readonly string _studyId;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _heartbeat;
    private long _step;

    internal ActiveTrial(Study study, RelationalStore store, string studyId, StudyTables.TrialRow row)
    {
        (_study, _store, _studyId) = (study, store, studyId);
        (Number, Attempt, Worker, EarlierNote, Parameters) = ((int)row.Number, (int)row.Attempt, row.Worker, row.Note, row.ReadParameters());
        _heartbeat = BeatAsync(study.Options.StaleAfter / BeatsBeforeStale);
    }

    /// <summary>Number in its study, from 0 on.</summary>
    public int Number { get; }
    /// <summary>One-based; above 1 when earlier workers were lost or stopped.</summary>
    public int Attempt { get; }
    /// <summary>Who is at it.</summary>
    public string Worker { get; }
    /// <summary>What the worker before had noted, or null.</summary>
    public string? EarlierNote { get; }
    /// <summary>The parameters by name.</summary>
    public JsonObject Parameters { get; }
    /// <summary>Cancelled when another worker was given the trial.</summary>
    public CancellationToken Lost => _lost.Token;
    /// <summary>How it ended, or null while it runs.</summary>
    public TrialState? End { get; private set; }

    /// <summary>A parameter as a number.</summary>
    /// <exception cref="TuningException">There is no such parameter, or it is no number.</exception>
    public double GetDouble(string name) => JsonNumbers.Read(Value(name)) ?? throw Misfit(name, "number");

    /// <summary>A parameter as a whole number.</summary>
    /// <exception cref="TuningException">There is no such parameter, or it is no whole number.</exception>
    public int GetInt(string name) => JsonNumbers.Read(Value(name)) is { } number && double.IsInteger(number) && Math.Abs(number) <= int.MaxValue ? (int)number : throw Misfit(name, "whole number");

    /// <summary>A parameter as text.</summary>
    /// <exception cref="TuningException">There is no such parameter.</exception>
    public string GetText(string name) => Value(name)?.ToString() ?? "";

    /// <summary>Notes something about the trial, such as the id of a run; an earlier note is replaced.</summary>
    /// <exception cref="TuningException">Another worker was given the trial.</exception>
    public Task NoteAsync(string note, CancellationToken cancellationToken = default) => _store.InWriteTransactionAsync(
        async (connection, transaction) => Require(await UpdateAsync(connection, transaction, "note = @note", new { note })), cancellationToken);

    /// <summary>Reports a value on the way, in one transaction with the decision whether the trial goes on.</summary>
    /// <param name="step">Resource spent so far, such as epochs; above that of the report before.</param>
    /// <param name="value">The value; NaN and infinity end the trial as failed.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Unless it is <see cref="TrialVerdict.Continue"/>, the trial is over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step does not come after the one before.</exception>
    /// <exception cref="TuningException">The trial is over, or another worker was given it.</exception>
    public async Task<TrialVerdict> ReportAsync(long step, double value, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, _step);
        ThrowIfOver();
        if (!double.IsFinite(value))
        {
            await FailAsync(string.Create(CultureInfo.InvariantCulture, $"It reported {value} at step {step}."), cancellationToken);
            return TrialVerdict.Failed;
        }
        bool goesOn = await _store.InWriteTransactionAsync(async (connection, transaction) =>
        {
            Require(await UpdateAsync(connection, transaction, $"heartbeat_at = {_store.Engine.Now}"));
            await connection.ExecuteAsync("insert into tuning_step (study_id, number, step, value) values (@study, @Number, @step, @value)", new { study = _studyId, Number, step, value }, transaction);
            if (await _study.GoesOnAsync(connection, transaction, Number, _step, step))
                return true;
            Require(await UpdateAsync(connection, transaction, $"state = 'Pruned', ended_at = {_store.Engine.Now}"));
            return false;
        }, cancellationToken);
        _step = step;
        if (!goesOn)
            await EndAsync(TrialState.Pruned);
        return goesOn ? TrialVerdict.Continue : TrialVerdict.Pruned;
    }

    /// <summary>Ends the trial with its value; NaN and infinity make it a failed one.</summary>
    /// <exception cref="TuningException">The trial is over, or another worker was given it.</exception>
    public Task CompleteAsync(double value, CancellationToken cancellationToken = default) => double.IsFinite(value)
        ? EndAsync(TrialState.Completed, "state = 'Completed', value = @value", new { value }, cancellationToken)
        : FailAsync(string.Create(CultureInfo.InvariantCulture, $"Its value is {value}."), cancellationToken);

    /// <summary>Ends the trial as failed.</summary>
    /// <exception cref="TuningException">The trial is over, or another worker was given it.</exception>
    public Task FailAsync(string error, CancellationToken cancellationToken = default) =>
        EndAsync(TrialState.Failed, "state = 'Failed', error = @error", new { error }, cancellationToken);

    /// <summary>Stops the heartbeat; a trial without an end is given back.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (End is null && !_lost.IsCancellationRequested)
            await _store.InWriteTransactionAsync((connection, transaction) => UpdateAsync(connection, transaction, "heartbeat_at = 0"));
        _lost.Dispose();
        _stopped.Dispose();
    }

    private async Task EndAsync(TrialState state, string set, object values, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        await _store.InWriteTransactionAsync(
            async (connection, transaction) => Require(await UpdateAsync(connection, transaction, $"{set}, ended_at = {_store.Engine.Now}", values)), cancellationToken);
        await EndAsync(state);
    }

    private Task EndAsync(TrialState state)
    {
        End = state;
        return StopAsync();
    }

    private async Task StopAsync()
    {
        await _stopped.CancelAsync();
        await _heartbeat;
    }

    private Task<int> UpdateAsync(DbConnection connection, DbTransaction transaction, string set, object? values = null)
    {
        var parameters = new DynamicParameters(values);
        parameters.AddDynamicParams(new { study = _studyId, Number, Attempt });
        return connection.ExecuteAsync(
            $"update tuning_trial set {set} where study_id = @study and number = @Number and attempt = @Attempt and state = 'Running' and heartbeat_at > 1", parameters, transaction);
    }

    private async Task BeatAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token))
                if (!await TryBeatAsync())
                {
                    await _lost.CancelAsync();
                    return;
                }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The trial is over.
        }
    }

    private async Task<bool> TryBeatAsync()
    {
        try
        {
            return await _store.InWriteTransactionAsync((connection, transaction) => UpdateAsync(connection, transaction, $"heartbeat_at = {_store.Engine.Now}"), _stopped.Token) == 1;
        }
        catch (DataException)
        {
            return true; // The database is away. The next beat tries again, and the next report or end says what is wrong if that lasts.
        }
    }

    private void Require(int rows)
    {
        if (rows != 1)
            throw new TuningException($"Trial {Number} of the study '{_study.Options.Name}' is no longer attempt {Attempt} of {Worker}: it was silent for more than {_study.Options.StaleAfter.TotalSeconds:0} s or was reported dead, and the trial goes to another worker.");
    }

    private void ThrowIfOver()
    {
        if (End is { } end)
            throw new TuningException($"Trial {Number} of the study '{_study.Options.Name}' is over: {end}.");
    }

    private JsonNode? Value(string name) => Parameters.TryGetPropertyValue(name, out var value) ? value
        : throw new TuningException($"Trial {Number} has no parameter '{name}'.{Suggestion.DidYouMean(name, Parameters.Select(pair => pair.Key))} Its parameters: {string.Join(", ", Parameters.Select(pair => pair.Key))}.");

    private TuningException Misfit(string name, string kind) => new($"Parameter '{name}' of trial {Number} is {Value(name)?.ToJsonString() ?? "null"}, which is no {kind}.");
}
