using System.Globalization;
using Workbench.Data;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>Keeps the workers of a study at work in child processes until it has its trials, and says what becomes of them.</summary>
internal sealed class TuneSession(DataFolder folder, Study study, string metric, TextWriter output)
{
    private const int DeadWithoutTrial = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<int> _told = [];
    private int _deadWithoutTrial;

    /// <summary>Works until the study has its trials, or the time is over.</summary>
    /// <param name="trials">Trials of the whole study.</param>
    /// <param name="workers">Processes.</param>
    /// <param name="timeout">Longest time; null for no limit.</param>
    /// <param name="cancellationToken">Stops it; the trials under way are given back.</param>
    /// <returns>False when the time was over first.</returns>
    /// <exception cref="CommandException">A worker failed; says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> RunAsync(int trials, int workers, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        foreach (var trial in await study.TrialsAsync(cancellationToken))
            if (trial.State != TrialState.Running)
                _told.Add(trial.Number);
        if (_told.Count > 0)
            await output.WriteLineAsync($"{_told.Count} trials are there already.");
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } limit)
            time.CancelAfter(limit);
        var running = new List<WorkerProcess>();
        try
        {
            await WatchAsync(running, trials, workers, time.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await Task.WhenAll(running.Select(worker => worker.StopAsync()));
            running.ForEach(worker => worker.Dispose());
            await TellAsync(CancellationToken.None);
        }
    }

    private async Task WatchAsync(List<WorkerProcess> running, int trials, int workers, CancellationToken cancellationToken)
    {
        for (int worker = 0; worker < Math.Min(workers, trials); worker++)
            running.Add(StartWorker(trials));
        while (running.Count > 0)
        {
            await Task.Delay(Interval, cancellationToken);
            await TellAsync(cancellationToken);
            foreach (var ended in running.Where(worker => worker.HasExited).ToList())
            {
                running.Remove(ended);
                using (ended)
                    if (await IsLostAsync(ended, cancellationToken))
                        running.Add(StartWorker(trials));
            }
        }
    }

    private WorkerProcess StartWorker(int trials) =>
        WorkerProcess.Start(folder, ["tune", "work", study.Options.Name, "--trials", trials.ToString(CultureInfo.InvariantCulture), "--until-input-ends"]);

    // A worker that ended with an error of its own ends the whole; one that was killed or crashed is replaced.
    private async Task<bool> IsLostAsync(WorkerProcess worker, CancellationToken cancellationToken)
    {
        if (worker.ExitCode == ExitCode.Done)
            return false;
        // A terminal's Ctrl+C reaches the workers too; this process hears of it in the same moment.
        await Task.Delay(Interval, cancellationToken);
        if (worker.ExitCode is ExitCode.Failed or ExitCode.WrongUse)
            throw new CommandException(worker.Error.Length > 0 ? worker.Error : $"The worker {worker.Name} failed with exit code {worker.ExitCode}.");
        int lost = await study.ReportLostAsync(worker.Name, cancellationToken);
        _deadWithoutTrial = lost > 0 ? 0 : _deadWithoutTrial + 1;
        if (_deadWithoutTrial >= DeadWithoutTrial)
            throw new CommandException($"{DeadWithoutTrial} workers died before they had a trial, the last with exit code {worker.ExitCode}. {worker.Error}");
        await output.WriteLineAsync($"worker {worker.Name} died (exit code {worker.ExitCode}); {(lost > 0 ? "its trial is tried again, and " : "")}another takes its place");
        return true;
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var trials = await study.TrialsAsync(cancellationToken);
        foreach (var trial in trials.Where(trial => trial.State != TrialState.Running && !_told.Contains(trial.Number)).OrderBy(trial => trial.EndedAt).ToList())
        {
            _told.Add(trial.Number);
            await output.WriteLineAsync(Line(trial, study.BestOf(trials.Where(other => _told.Contains(other.Number)))));
        }
    }

    private string Line(Trial trial, Trial? best)
    {
        string what = trial.State switch
        {
            TrialState.Completed => string.Create(CultureInfo.InvariantCulture, $"{metric} {trial.Value:G6}"),
            TrialState.Pruned => string.Create(CultureInfo.InvariantCulture, $"pruned at step {(trial.Steps.Count > 0 ? trial.Steps[^1].Step : 0)}"),
            _ => $"failed: {trial.Error}",
        };
        string bestSoFar = best is null ? "" : string.Create(CultureInfo.InvariantCulture, $" (best {best.Value:G6}, trial {best.Number})");
        return string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number}: {what}{bestSoFar}, {(trial.EndedAt - trial.StartedAt)?.TotalSeconds:F1} s{(trial.Attempt > 1 ? $", attempt {trial.Attempt}" : "")}: {trial}");
    }
}
