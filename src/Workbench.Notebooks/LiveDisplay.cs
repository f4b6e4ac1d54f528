using Workbench.Notebooks.Kernel;

namespace Workbench.Notebooks;

/// <summary>
/// One output that changes often: at most one update an interval reaches the screen, and the last one always does, at the
/// latest when its cell ends. Thread-safe.
/// </summary>
internal sealed class LiveDisplay
{
    // One gate for all, since publishing one display may flush the others.
    private static readonly Lock Gate = new();
    private static readonly List<LiveDisplay> Waiting = [];

    private readonly Func<MimeBundle> _render;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly CellOutput _output;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly ITimer _timer;
    private long _lastShown;

    /// <summary>Shows the first state.</summary>
    /// <param name="render">Makes the output of the present state; called under a lock.</param>
    /// <param name="interval">Least time between two updates.</param>
    /// <param name="clock">Tells the time.</param>
    /// <exception cref="InvalidOperationException">No kernel runs in this process.</exception>
    public LiveDisplay(Func<MimeBundle> render, TimeSpan interval, TimeProvider clock)
    {
        (_render, _interval, _clock, _output) = (render, interval, clock, KernelSession.Current.Output);
        _timer = clock.CreateTimer(_ => ShowWaiting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (Gate)
            Show(update: false);
    }

    /// <summary>Applies a change and shows it, now or soon.</summary>
    public void Change(Action change)
    {
        lock (Gate)
        {
            change();
            if (Waiting.Contains(this))
                return;
            var left = _interval - _clock.GetElapsedTime(_lastShown);
            if (left <= TimeSpan.Zero)
            {
                Show(update: true);
                return;
            }
            Waiting.Add(this);
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Shows what waits, of all displays: a cell that ends leaves nothing behind.</summary>
    public static void Flush()
    {
        lock (Gate)
            while (Waiting.Count > 0)
                Waiting[^1].ShowWaiting();
    }

    private void ShowWaiting()
    {
        lock (Gate)
            if (Waiting.Remove(this))
                Show(update: true);
    }

    private void Show(bool update)
    {
        _lastShown = _clock.GetTimestamp();
        _output.Display(_render(), _id, update);
    }
}
