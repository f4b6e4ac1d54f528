using System.Globalization;

namespace Workbench.Distributed.Launch;

/// <summary>
/// Runs a command as the ranks of a job and never hangs: a rank that dies, falls silent or stalls ends the whole job within a
/// stated bound (10 seconds; a stall, <see cref="JobOptions.StallTimeout"/>), and the command is started anew with the ranks that
/// are left, to go on from its checkpoint. Should the supervisor itself be killed, its ranks end within 10 seconds.
/// </summary>
public sealed class JobSupervisor
{
    private readonly JobOptions _options;
    private readonly JobEvents _events;
    private readonly TimeProvider _time;

    /// <summary>A supervisor of one job.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="progress">Told what happens, from one thread at a time. A slow one holds up the ranks' output.</param>
    /// <param name="time">Clock of events and of the wait before a restart. Default the system's.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every error.</exception>
    public JobSupervisor(JobOptions options, IProgress<JobEvent>? progress = null, TimeProvider? time = null)
    {
        if (options.FindErrors() is { Count: > 0 } errors)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        _options = options;
        _time = time ?? TimeProvider.System;
        _events = new(progress, _time);
    }

    /// <summary>Runs the job to its end. Call it once.</summary>
    /// <returns>How it ended, after every process of it is gone.</returns>
    /// <exception cref="DistributedException">It cannot be started here: Open MPI or the program is missing. Or a process of it cannot be ended.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; every process of it is gone.</exception>
    public async Task<JobResult> RunAsync(CancellationToken cancellationToken = default)
    {
        var setSid = Programs.SetSid();
        if (_options.Hosts.Count == 0)
            Programs.Require(_options.Command[0], _options.WorkingFolder);
        var placement = Placement.Of(_options.Hosts, _options.Processes);
        var reasons = new List<string>();
        for (var number = 1; ; number++)
        {
            _events.Attempt = number;
            using var attempt = JobAttempt.Start(_options, placement, address => Line(placement, address, number), setSid, _events);
            if (await attempt.RunAsync(cancellationToken) is not { } fault)
                return End(new(true, number, _options.Processes, placement.Size, reasons));
            reasons.Add(fault.Reason);
            if (fault.IsFinal || number > _options.MaxRestarts)
                return End(new(false, number, _options.Processes, placement.Size, reasons));
            var next = await Recovery.SurvivorsAsync(_options, placement, fault, attempt, cancellationToken);
            // What never began would fail again; unless a host was in the way.
            if (next.Size == 0 || !attempt.Joined.Any() && next.Size == placement.Size)
                return End(new(false, number, _options.Processes, placement.Size, [.. reasons, next.Size == 0
                    ? $"Fewer than {_options.MinProcesses} ranks are left on hosts that can be reached."
                    : "No rank has joined the job, so that it is not started again."]));
            placement = next;
            await WaitAsync(placement.Size, number, cancellationToken);
        }
    }

    private async Task WaitAsync(int size, int restart, CancellationToken cancellationToken)
    {
        var delay = Recovery.BackOff(_options.BackOff, restart);
        _events.Tell(JobEventKind.Restarting, told => told with { Attempt = restart + 1, Size = size, Delay = delay });
        await Task.Delay(delay, _time, cancellationToken);
    }

    private LaunchLine Line(Placement placement, string address, int number)
    {
        var threads = _options.ThreadsPerRank ?? Math.Max(1, Environment.ProcessorCount / placement.Hosts.Max(host => host.Slots));
        var variables = new Dictionary<string, string>(_options.Environment)
        {
            [JobVariables.Job] = address,
            [JobVariables.Backend] = _options.Backend,
            [JobVariables.Attempt] = number.ToString(CultureInfo.InvariantCulture),
            [JobVariables.InitialSize] = _options.Processes.ToString(CultureInfo.InvariantCulture),
            ["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
            ["TERM"] = "dumb",
        };
        return _options.Hosts.Count == 0 && placement.Size == 1
            ? LaunchLine.Alone(_options, variables)
            : LaunchLine.Mpirun(_options, placement, variables, Programs.Mpirun(), Environment.IsPrivilegedProcess, Environment.ProcessorCount);
    }

    private JobResult End(JobResult result)
    {
        result = result with { Model = _events.Model };
        var text = result.Succeeded ? $"Every rank is done, in attempt {result.Attempts}." : $"The job failed in attempt {result.Attempts}: {result.Reasons[^1]}";
        _events.Tell(JobEventKind.Ended, told => told with { Text = text, Result = result });
        return result;
    }
}
