using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Running;

/// <summary>
/// Writes the executed copy as it grows: after each cell, and now and then while a cell puts out. A notebook that is dear to
/// write is written less often, so that saving takes a tenth of the time at most; what a kill can lose is then what the last
/// five seconds brought. Thread-safe.
/// </summary>
internal sealed class NotebookSaver(NotebookDocument document, string path, Action beforeSaving, TimeProvider clock)
{
    private const int CostFactor = 10;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseWithinCell = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private long _savedAt;
    private TimeSpan _cost;
    private bool _isChanged;

    /// <summary>Changes the document while nobody writes it.</summary>
    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _isChanged = true;
        }
    }

    /// <summary>Writes the document, unless the last time is too near for what it costs; then <see cref="RunAsync"/> does.</summary>
    public void SaveIfDue()
    {
        lock (_gate)
        {
            var pause = TimeSpan.FromTicks(Math.Min(_cost.Ticks * CostFactor, LongestPause.Ticks));
            if (_isChanged && clock.GetElapsedTime(_savedAt) >= pause)
                Save();
        }
    }

    /// <summary>Writes the document.</summary>
    /// <exception cref="Workbench.Data.DataException">The file cannot be written.</exception>
    public void Save()
    {
        lock (_gate)
        {
            long start = clock.GetTimestamp();
            beforeSaving();
            document.Save(path);
            _savedAt = clock.GetTimestamp();
            _cost = clock.GetElapsedTime(start, _savedAt);
            _isChanged = false;
        }
    }

    /// <summary>Writes what changed, until cancelled.</summary>
    /// <exception cref="Workbench.Data.DataException">The file cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PauseWithinCell, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                SaveIfDue();
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }
}
