using System.Globalization;
using Dapper;

namespace Workbench.Training.Tuning;

public sealed partial class Study
{
    // Trials of others may be lost; looking often costs little.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Asks, works and tells until the study has its trials, and waits for those of other processes, which it takes up when their worker
    /// is lost. Cancelled, it gives back what it holds: the same call goes on later.
    /// </summary>
    /// <param name="objective">Gives a trial's value. It may report on the way, and returns when the verdict is not to go on. What it throws makes a failed trial.</param>
    /// <param name="trials">Most trials of the whole study, earlier ones and those of other processes among them.</param>
    /// <param name="workers">Trials at the same time in this process, at least 1.</param>
    /// <param name="name">Name of this process among the workers; default machine and process.</param>
    /// <param name="hopeless">Trials that fail, and none that does not, after which it gives up; default 5.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="TuningException">The first <paramref name="hopeless"/> trials failed; ends with the last error.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(
        Func<ActiveTrial, CancellationToken, Task<double>> objective, int trials, int workers = 1, string? name = null, int hopeless = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hopeless, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loops = Enumerable.Range(1, workers).Select(worker => Task.Run(async () =>
        {
            try
            {
                await WorkAsync(objective, trials, workers == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name ?? $"{Environment.MachineName} {Environment.ProcessId}"} worker {worker}"), hopeless, stop.Token);
            }
            catch
            {
                await stop.CancelAsync(); // The others stop with it.
                throw;
            }
        }, CancellationToken.None)).ToList();
        var all = Task.WhenAll(loops);
        try
        {
            await all;
        }
        catch (OperationCanceledException) when (all.Exception?.InnerExceptions.FirstOrDefault(failure => failure is not OperationCanceledException) is { } cause)
        {
            throw cause; // what stopped them
        }
    }

    private async Task WorkAsync(Func<ActiveTrial, CancellationToken, Task<double>> objective, int trials, string? name, int hopeless, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ThrowIfHopelessAsync(hopeless, cancellationToken);
            await using var trial = await AskAsync(trials, name, cancellationToken);
            if (trial is not null)
                await TryAsync(objective, trial, cancellationToken);
            else if (!await IsAnyRunningAsync(cancellationToken))
                return;
            else
                await Task.Delay(pause = pause * 2 < LongestPause ? pause * 2 : LongestPause, cancellationToken);
        }
    }

    private static async Task TryAsync(Func<ActiveTrial, CancellationToken, Task<double>> objective, ActiveTrial trial, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, trial.Lost);
        try
        {
            double value = await objective(trial, stop.Token);
            if (trial.End is null)
                await trial.CompleteAsync(value, stop.Token);
        }
        catch (Exception) when (trial.End is not null)
        {
            // An objective that its trial's end stopped by an exception.
        }
        catch (Exception) when (trial.Lost.IsCancellationRequested)
        {
            // Another worker is at it.
        }
        // The edge of a trial: whatever an objective throws is its error. Our own cancellation and a database that is away pass.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not Data.DataException { IsUnavailable: true })
        {
            await trial.FailAsync($"{failure.GetType().Name}: {failure.Message}", CancellationToken.None);
        }
    }

    private async Task ThrowIfHopelessAsync(int hopeless, CancellationToken cancellationToken)
    {
        var others = await _store.ReadAsync(connection => connection.ExecuteScalarAsync<long>(
            "select count(*) from tuning_trial where study_id = @study and state in ('Completed', 'Pruned')", new { study = _id }), cancellationToken);
        if (others > 0)
            return;
        var failed = (await TrialsAsync(cancellationToken)).Where(trial => trial.State == TrialState.Failed).ToList();
        if (failed.Count >= hopeless)
            throw new TuningException($"All of the first {failed.Count} trials of the study '{Options.Name}' failed. The last one, {failed[^1]}: {failed[^1].Error}");
    }
}
