namespace Workbench.Distributed.Launch;

/// <summary>
/// Runs a command as the ranks of a job and never hangs: a rank that dies, falls silent or stalls ends the whole job within a
/// stated bound (10 seconds; a stall, <see cref="JobOptions.StallTimeout"/>), and the command is started anew with the ranks that
/// are left, to go on from its checkpoint.
/// </summary>
public sealed class JobSupervisor
{
    private readonly JobOptions _options;
    private readonly IProgress<JobEvent>? _progress;

    /// <summary>A supervisor of one job.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="progress">Told what happens, from one thread at a time. A slow one holds up the ranks' output, no more.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every error.</exception>
    public JobSupervisor(JobOptions options, IProgress<JobEvent>? progress = null)
    {
        if (options.FindErrors() is { Count: > 0 } errors)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        (_options, _progress) = (options, progress);
    }

    /// <summary>Runs the job to its end.</summary>
    /// <returns>How it ended, after every process of it is gone.</returns>
    /// <exception cref="DistributedException">It cannot be started here: Open MPI or the program is missing.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; every process of it is gone.</exception>
    public Task<JobResult> RunAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException($"Follows: {_options} {_progress}");
}
