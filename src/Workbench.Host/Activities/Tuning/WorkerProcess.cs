using System.Diagnostics;
using System.Globalization;
using Workbench.Data;

namespace Workbench.Host.Activities.Tuning;

/// <summary>
/// A worker in a process of its own: libtorch has one random generator a process, and a trial that crashes takes only its worker along.
/// It stops when its standard input ends, which the death of this process does too.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int KeptLines = 20;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private WorkerProcess(Process process)
    {
        _process = process;
        Name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {process.Id}");
    }

    /// <summary>Its name among the workers of the study.</summary>
    public string Name { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines of what it said about errors.</summary>
    public string Error { get { lock (_lines) return string.Join('\n', _lines).Trim(); } }

    public static WorkerProcess Start(DataFolder folder, string study, int trials)
    {
        var command = SelfCommand.With("tune", "work", study, "--trials", trials.ToString(CultureInfo.InvariantCulture), "--until-input-ends");
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            Environment = { [DataFolder.EnvironmentVariable] = folder.Path },
        };
        if (folder.SharedDatabase is { } database)
            start.Environment[DatabaseAddress.EnvironmentVariable] = database.Text;
        var worker = new WorkerProcess(Process.Start(start) ?? throw new CommandException($"The worker '{command[0]}' was not started."));
        worker._process.ErrorDataReceived += (_, line) => worker.Keep(line.Data);
        worker._process.OutputDataReceived += (_, _) => { };
        worker._process.BeginErrorReadLine();
        worker._process.BeginOutputReadLine();
        return worker;
    }

    /// <summary>Lets it give back its trial and end; kills it when that takes too long.</summary>
    public async Task StopAsync()
    {
        using var deadline = new CancellationTokenSource(StopLimit);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _process.Dispose();

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
                _lines.Dequeue();
        }
    }
}
