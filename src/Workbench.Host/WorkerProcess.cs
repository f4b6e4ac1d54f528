using System.Diagnostics;
using System.Globalization;
using Workbench.Data;

namespace Workbench.Host;

/// <summary>
/// A worker in a process of its own: libtorch has one random generator a process, and work that crashes takes only its worker along.
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

    /// <summary>Its name among the workers: machine and process.</summary>
    public string Name { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines of what it said about errors.</summary>
    public string Error { get { lock (_lines) return string.Join('\n', _lines).Trim(); } }

    /// <summary>Starts this program anew.</summary>
    /// <param name="folder">Data folder and database that it finds in its environment; null for those of this process.</param>
    /// <param name="arguments">Verb and arguments.</param>
    /// <param name="output">Gets each line of its standard output, on another thread.</param>
    public static WorkerProcess Start(DataFolder? folder, IReadOnlyList<string> arguments, Action<string>? output = null)
    {
        var command = SelfCommand.With(arguments);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (folder is not null)
            start.Environment[DataFolder.EnvironmentVariable] = folder.Path;
        if (folder?.SharedDatabase is { } database)
            start.Environment[DatabaseAddress.EnvironmentVariable] = database.Text;
        var worker = new WorkerProcess(Process.Start(start) ?? throw new CommandException($"The worker '{command[0]}' was not started."));
        worker._process.ErrorDataReceived += (_, line) => worker.Keep(line.Data);
        worker._process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
                output?.Invoke(text);
        };
        worker._process.BeginErrorReadLine();
        worker._process.BeginOutputReadLine();
        return worker;
    }

    /// <summary>Ends the process of this worker when its standard input ends, as it does with the process that started it.</summary>
    public static async Task StopWithInputAsync(CancellationTokenSource stop)
    {
        await using var input = Console.OpenStandardInput();
        while (await input.ReadAsync(new byte[16], CancellationToken.None) > 0) { }
        await stop.CancelAsync();
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
