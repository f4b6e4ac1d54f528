using Workbench.Distributed.Launch;
using Workbench.Notebooks.Jobs;

namespace Workbench.Notebooks;

/// <summary>
/// Shows a job of several ranks in a cell's output while it runs: give it to a <see cref="JobSupervisor"/> as its progress. One
/// output, changed in place twice a second at most; what stays in the end is small. Dispose it when the job is over. Thread-safe.
/// </summary>
public sealed class JobDisplay : IProgress<JobEvent>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500), Tick = TimeSpan.FromSeconds(1);

    private readonly JobState _state;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private LiveDisplay? _display;
    private ITimer? _timer;

    internal JobDisplay(string title, TimeProvider clock) => (_state, _clock) = (new(title), clock);

    /// <summary>Shows what happened, now or soon.</summary>
    public void Report(JobEvent value) => Shown().Change(() => _state.Take(value));

    /// <summary>Ends the display where it stands.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _display?.Change(() => _state.Stop(_clock.GetUtcNow()));
    }

    private LiveDisplay Shown()
    {
        lock (_lock)
        {
            _display ??= new(() => JobPicture.Draw(_state, _clock.GetUtcNow()), Interval, _clock);
            _timer ??= _clock.CreateTimer(_ => Refresh(), null, Tick, Tick); // time goes on where nothing happens
            return _display;
        }
    }

    private void Refresh()
    {
        if (_state.Phase is JobPhase.Running or JobPhase.Waiting)
            _display?.Change(() => { });
    }
}
