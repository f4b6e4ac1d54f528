using System.Threading.Channels;

namespace Workbench.Distributed.Launch;

/// <summary>One start of a job's ranks, until all are done or none is left.</summary>
internal sealed class JobAttempt : IDisposable
{
    // Together they leave 0.4 s of the promised 10 for the silence of 8. A launcher that is asked to end while it ends already
    // may crash (Open MPI 4.1.4), so it is asked only when the end of its ranks has not been enough.
    private static readonly TimeSpan UntilTerm = TimeSpan.FromSeconds(0.8), UntilKill = TimeSpan.FromSeconds(1.6);
    private static readonly TimeSpan EndPause = TimeSpan.FromMilliseconds(50);

    private readonly JobEvents _events;
    private readonly Channel<JobSignal> _signals = Channel.CreateUnbounded<JobSignal>(new() { SingleReader = true });
    private readonly JobChannel _channel;
    private readonly SessionFolder? _session;
    private readonly LaunchedProcess _process;
    private readonly JobWatch _watch;
    private readonly Dictionary<int, (long? Step, RankState State)> _told = [];

    private JobAttempt(JobOptions options, Placement placement, Func<string, LaunchLine> line, string setSid, JobEvents events)
    {
        _events = events;
        _channel = JobChannel.Open(options, placement.Size, _signals.Writer);
        try
        {
            var launch = line(_channel.Address);
            _watch = new(placement.Size, launch.Name, options.StartTimeout, options.StallTimeout);
            _events.Tell(JobEventKind.Starting, told => told with { Size = placement.Size, Text = launch.ToString() });
            _session = options.Hosts.Count == 0 && launch.IsTagged ? SessionFolder.Create() : null;   // only mpirun makes files
            _process = LaunchedProcess.Start(launch, setSid, options.WorkingFolder, _session, _events.TellOutput);
        }
        catch
        {
            _channel.Dispose();
            _session?.Dispose();
            throw;
        }
    }

    /// <summary>The ranks that joined.</summary>
    public IEnumerable<RankHello> Joined => _watch.Joined;

    /// <summary>Starts the ranks with the command line that <paramref name="line"/> makes of the address they connect to.</summary>
    public static JobAttempt Start(JobOptions options, Placement placement, Func<string, LaunchLine> line, string setSid, JobEvents events) =>
        new(options, placement, line, setSid, events);

    /// <summary>Whether a rank that joined fell silent rather than ended.</summary>
    public bool IsSilent(RankHello rank) => _watch.IsSilent(rank.Rank);

    /// <summary>Follows the ranks to the end. On return, and on any exception, no process is left.</summary>
    /// <returns>What went wrong, or null when all are done.</returns>
    /// <exception cref="DistributedException">A process could not be ended.</exception>
    public async Task<JobFault?> RunAsync(CancellationToken cancellationToken)
    {
        var reason = "the supervisor failed";
        try
        {
            _ = TellExitAsync();
            await FollowAsync(cancellationToken);
            reason = _watch.Fault?.Reason ?? "every rank is done";
        }
        catch (OperationCanceledException)
        {
            reason = "the job was cancelled";
            throw;
        }
        finally
        {
            await EndAsync(reason);
            if (!_watch.IsComplete)
                _events.Tell(JobEventKind.Aborted, reason);
        }
        return _watch.Fault;
    }

    public void Dispose()
    {
        _channel.Dispose();
        _process.Dispose();
    }

    private async Task TellExitAsync()
    {
        try
        {
            var code = await _process.WaitAsync(CancellationToken.None);
            _signals.Writer.TryWrite(new JobSignal.Exited(_channel.Now, code, _process.LastWords));
            await _process.Output;
        }
        catch (Exception failure)
        {
            _signals.Writer.TryComplete(failure); // FollowAsync throws it.
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!_watch.IsComplete && _watch.Fault is null)
        {
            var signal = await _signals.Reader.ReadAsync(cancellationToken);
            _watch.Take(signal);
            Tell(signal);
        }
        if (_watch.Fault is { } fault && fault.Kind != JobEventKind.Aborted)
            foreach (var rank in fault.Ranks)
                _events.Tell(fault.Kind, told => told with { Rank = rank, Step = _watch.StepOf(rank), Text = fault.Reason });
    }

    private void Tell(JobSignal signal)
    {
        if (signal is JobSignal.Joined { Hello: var hello })
            _events.Tell(JobEventKind.RankStarted, told => told with { Rank = hello.Rank, Text = $"process {hello.Process.Id} on {hello.Host}" });
        else if (signal is JobSignal.Beat beat && (!_told.TryGetValue(beat.Rank, out var last) || last != (beat.Step, beat.State)))
        {
            _told[beat.Rank] = (beat.Step, beat.State);
            _events.Tell(JobEventKind.RankProgress, told => told with { Rank = beat.Rank, Step = beat.Step, State = beat.State });
        }
        else if (signal is JobSignal.Reported report)
            _events.TellReport(report.Rank, _watch.StepOf(report.Rank), report.Data);
        else if (signal is JobSignal.SaidDone done)
            _events.Tell(JobEventKind.RankDone, told => told with { Rank = done.Rank, Step = done.Step });
    }

    /// <summary>Ends every process: ranks at once, the launcher after a moment in which it may clear up, then all that is left.</summary>
    private async Task EndAsync(string reason)
    {
        _channel.Abort(reason);
        var began = _channel.Now;
        bool isAsked = false;
        for (; ; await Task.Delay(EndPause, CancellationToken.None))
        {
            while (_signals.Reader.TryRead(out var signal))
                _watch.Take(signal);
            var left = Left();
            var now = _channel.Now;
            if (left.Count == 0 && !_watch.MayRunElsewhere(now))
                break;
            if (now - began > 2 * JobWatch.DeathBound)
                throw new DistributedException($"Processes of the job could not be ended: {string.Join(", ", left.Select(process => process.Id))}. They wait for a device; nothing was started anew.");
            // Ranks have been told to end; what has joined and still runs cannot hear any more.
            if (!isAsked && (now - began > UntilTerm || !_watch.Joined.Any()))
            {
                isAsked = true;
                _process.Terminate();
            }
            foreach (var process in now - began > UntilKill ? left : [.. Ranks()])
                process.Signal(LinuxProcess.SigKill);
        }
        _session?.Dispose();
        await Task.WhenAny(_process.Output, Task.Delay(UntilKill, CancellationToken.None));
    }

    private IEnumerable<LinuxProcess> Ranks() => _watch.Joined.Where(rank => rank.IsLocal).Select(rank => rank.Process).Where(process => process.IsAlive);

    private List<LinuxProcess> Left() => [.. _process.Members().Union(Ranks())];
}
