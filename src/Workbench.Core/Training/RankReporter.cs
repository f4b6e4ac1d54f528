using Workbench.Distributed.Launch;

namespace Workbench.Training;

/// <summary>
/// Tells a job how this rank's training goes: every step that there is one, figures at most twice a second and at each
/// epoch's end. Asks no other rank and waits for none. Not thread-safe.
/// </summary>
internal sealed class RankReporter(Action<long> tellStep, Action<RankMetrics> tellMetrics, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private long _since = time.GetTimestamp();
    private long _rows;
    private TimeSpan _waited, _paused;
    private double? _validationLoss;

    /// <summary>The reporter of this process's rank; null outside of a job.</summary>
    public static RankReporter? ForJob() => RankSession.Current is { } session ? new(session.Step, session.Report, TimeProvider.System) : null;

    /// <summary>Rows that all ranks together have trained on.</summary>
    public void AddRows(long rows) => _rows += rows;

    /// <summary>Time since a timestamp that was spent with the other ranks.</summary>
    public void AddWait(long began) => _waited += time.GetElapsedTime(began);

    /// <summary>A validation; the time since a timestamp was no training.</summary>
    public void AddValidation(double loss, long began)
    {
        _validationLoss = loss;
        _paused += time.GetElapsedTime(began);
    }

    /// <summary>A step was made; <paramref name="loss"/> is asked only when figures are due.</summary>
    public void AddStep(long step, int epoch, Func<double?> loss)
    {
        tellStep(step);
        if (time.GetElapsedTime(_since) >= Interval)
            Tell(step, epoch, loss());
    }

    /// <summary>Tells what has not been told yet: at an epoch's end, and at the training's.</summary>
    public void TellRest(long step, int epoch, Func<double?> loss)
    {
        if (_rows > 0 || _validationLoss is not null)
            Tell(step, epoch, loss());
    }

    private void Tell(long step, int epoch, double? loss)
    {
        double elapsed = (time.GetElapsedTime(_since) - _paused).TotalSeconds;
        tellMetrics(new()
        {
            Step = step, Epoch = epoch, TrainingLoss = loss, ValidationLoss = _validationLoss,
            SamplesPerSecond = _rows > 0 && elapsed > 0 ? _rows / elapsed : null, WaitShare = elapsed > 0 ? Math.Clamp(_waited.TotalSeconds / elapsed, 0, 1) : null,
        });
        (_since, _rows, _waited, _paused, _validationLoss) = (time.GetTimestamp(), 0, TimeSpan.Zero, TimeSpan.Zero, null);
    }
}
