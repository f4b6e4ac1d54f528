using System.Globalization;
using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>What a job told, and the processes that it consisted of. Thread-safe.</summary>
internal sealed class JobRecord : IProgress<JobEvent>
{
    private readonly Lock _lock = new();
    private readonly List<JobEvent> _events = [];
    private readonly List<(Func<JobEvent, bool> Condition, TaskCompletionSource<JobEvent> Found)> _waiting = [];

    /// <summary>Processes of ranks, by what each said when it joined.</summary>
    public List<LinuxProcess> Ranks { get; } = [];

    public IReadOnlyList<JobEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public void Report(JobEvent value)
    {
        lock (_lock)
        {
            _events.Add(value);
            if (value.Kind == JobEventKind.RankStarted && LinuxProcess.Find(ProcessOf(value.Text!)) is { } process)
                Ranks.Add(process);
            foreach (var (_, found) in _waiting.Where(waiting => waiting.Condition(value)))
                found.TrySetResult(value);
        }
    }

    /// <summary>The next event of a kind; the test fails when it does not come.</summary>
    public Task<JobEvent> WaitAsync(Func<JobEvent, bool> condition)
    {
        var found = new TaskCompletionSource<JobEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            if (_events.Find(told => condition(told)) is { } told)
                found.SetResult(told);
            else
                _waiting.Add((condition, found));
        return found.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits until the last rank of the first attempt makes steps.</summary>
    public Task<JobEvent> WaitForStepsAsync() => WaitAsync(told => told.Kind == JobEventKind.RankProgress && told.Step > 0);

    /// <summary>The process id in "process 7 on host".</summary>
    public static int ProcessOf(string text) => int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture);
}
