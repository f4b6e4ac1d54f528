using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Runs each attempt of a step as a child process in a folder of its own: it reads <c>request.json</c> (<see cref="StepContext"/>),
/// writes <c>result.json</c> (<see cref="StepResult"/>) and exits with 0. Its output goes to <c>step.log</c> and to the database; the last
/// line is the step's progress. Any other exit code, or no result, is a failed attempt with the log's last lines as its error. Cancelling asks
/// the process and all it started to end, then kills them. The child should end itself when
/// <see cref="ParentProcess.WaitUntilGoneAsync"/> completes; should one of an earlier attempt still live, it is ended first.
/// Thread-safe.
/// </summary>
public sealed class ProcessStepExecutor : IStepExecutor
{
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    private readonly ProcessStepOptions _options;
    private readonly TimeProvider _time;

    /// <summary>An executor; <paramref name="time"/> is the system's clock unless given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A log may hold fewer than 3 characters.</exception>
    public ProcessStepExecutor(ProcessStepOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLogLength, 3);
        (_options, _time) = (options, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public async Task<StepResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var folder = new StepFolder(_options.RunsFolder, context);
        foreach (var orphan in folder.LivingProcesses())
            await ProcessGroup.EndAsync(orphan, _options.GracePeriod, _time);
        cancellationToken.ThrowIfCancellationRequested();
        context.Write(folder.Request);
        using var log = new LogTail(folder.Log, context, _options.MaxLogLength);
        context.Progress.Report(new(null, folder.Log));
        using var process = Start(folder, context);
        var exitCode = await RunAsync(process, folder, log, cancellationToken);
        return ReadResult(exitCode, folder, log);
    }

    private Process Start(StepFolder folder, StepContext context)
    {
        var arguments = _options.Arguments.Select(argument => argument
            .Replace(ProcessStepOptions.RequestPlaceholder, folder.Request, StringComparison.Ordinal)
            .Replace(ProcessStepOptions.ResultPlaceholder, folder.Result, StringComparison.Ordinal));
        var start = ProcessGroup.CreateStartInfo(_options.Command, arguments);
        start.WorkingDirectory = folder.AttemptPath;
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (name, value) in _options.Environment.Concat(_options.StepEnvironment?.Invoke(context) ?? new Dictionary<string, string?>()))
            start.Environment[name] = value;
        start.Environment[ParentProcess.EnvironmentVariable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"No process was started for '{_options.Command}'.");
        }
        catch (Win32Exception failure)
        {
            throw new StepFailedException(
                $"The step's program '{_options.Command}' cannot be started: {failure.Message}. Correct the command.", isRetryable: false, failure);
        }
    }

    private async Task<int> RunAsync(Process process, StepFolder folder, LogTail log, CancellationToken cancellationToken)
    {
        var identity = ProcessIdentity.Find(process.Id);
        identity?.Write(folder.Process);
        process.StandardInput.Close();
        var output = Task.WhenAll(log.CopyAsync(process.StandardOutput), log.CopyAsync(process.StandardError));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            if (identity is not null && !process.HasExited)
                await ProcessGroup.EndAsync(identity, _options.GracePeriod, _time);
            else if (identity is not null)
                ProcessGroup.Kill(identity); // What the process left behind must not outlive it.
            await DrainAsync(output);
        }
        return process.ExitCode;
    }

    /// <summary>The last output; a stranger that inherited the pipe may hold it open for ever, so the wait is short.</summary>
    private async Task DrainAsync(Task output)
    {
        try
        {
            await output.WaitAsync(OutputGrace, _time);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException or ObjectDisposedException)
        {
            // The log ends here.
        }
    }

    private StepResult ReadResult(int exitCode, StepFolder folder, LogTail log)
    {
        if (exitCode != 0)
            throw new StepFailedException(
                $"The step's process ended with exit code {exitCode}. Its log ({folder.Log}) ends with:\n{log}",
                isRetryable: !_options.PermanentExitCodes.Contains(exitCode));
        if (!File.Exists(folder.Result))
            throw new StepFailedException(
                $"The step's process ended without writing its result '{folder.Result}'. Its log ({folder.Log}) ends with:\n{log}", isRetryable: true);
        return StepResult.Read(folder.Result);
    }
}
