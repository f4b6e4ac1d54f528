using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Workbench.Notebooks.Protocol;

/// <summary>The kernel's process, started with a connection file of its own. Disposing it ends the process and all it started.</summary>
internal sealed class KernelChild : IDisposable
{
    private const int RememberedLines = 20;

    private readonly Process _process;
    private readonly string _connectionFile;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();

    private KernelChild(Process process, ConnectionInfo connection, string connectionFile, ResourceLimits limits)
    {
        _process = process;
        _connectionFile = connectionFile;
        Connection = connection;
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Not WaitForExitAsync: that also waits for the end of the output, which a process that the kernel left behind may hold open.
        process.Exited += (_, _) => _exited.TrySetResult();
        process.EnableRaisingEvents = true;
        if (limits.MemoryBytes is { } bytes)
            _ = KeepMemoryAsync(bytes);
    }

    public ConnectionInfo Connection { get; }

    /// <summary>Ends when the process has ended.</summary>
    public Task Exited => _exited.Task;

    /// <summary>What the kernel used too much of, or null.</summary>
    public string? OverLimit { get; private set; }

    /// <exception cref="KernelEndedException">The program cannot be started, or a limit cannot be kept here.</exception>
    public static KernelChild Start(KernelLaunch launch)
    {
        if (launch.Limits.MemoryBytes is not null && !MemoryWatch.IsPossible)
            throw new KernelEndedException("The limit on memory cannot be kept on this system: only Linux tells how much a process uses in a way that is watched here. Run without the limit.");
        var connection = OnFreePorts();
        var file = Path.Combine(Path.GetTempPath(), $"workbench-kernel-{Guid.NewGuid():N}.json");
        connection.Save(file);
        try
        {
            var process = Process.Start(StartInfo(launch, file)) ?? throw new Win32Exception("No process was started.");
            return new(process, connection, file, launch.Limits);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            File.Delete(file);
            throw new KernelEndedException($"The kernel '{string.Join(' ', launch.Command)}' does not start: {failure.Message} Correct the command, or install the kernel again.");
        }
    }

    /// <summary>Exit code and last lines printed, for a message.</summary>
    public string DescribeEnd()
    {
        string lines;
        lock (_lastLines)
            lines = string.Join('\n', _lastLines);
        var code = _process.HasExited ? $"exit code {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}{SignalName(_process.ExitCode)}" : "still running";
        return lines.Length == 0 ? code : $"{code}; it last printed:\n{lines}";
    }

    /// <summary>SIGINT, for a kernel that is interrupted by it.</summary>
    public void Interrupt() => KernelGroup.Interrupt(_process.Id);

    public void Kill() => KernelGroup.Kill(_process);

    public void Dispose()
    {
        Kill();
        _ended.Cancel();
        _ended.Dispose();
        _process.StandardInput.Dispose();
        _process.Dispose();
        File.Delete(_connectionFile);
    }

    private async Task KeepMemoryAsync(long limitBytes)
    {
        var watch = new MemoryWatch(_process.Id, limitBytes);
        if (!await watch.ExceededAsync(_ended.Token))
            return;
        OverLimit = $"The kernel used {ByteSize.Text(watch.PeakBytes)} of memory, more than the {ByteSize.Text(limitBytes)} allowed, and was ended. Use less data at once, or allow more memory.";
        Kill();
    }

    private static ProcessStartInfo StartInfo(KernelLaunch launch, string connectionFile)
    {
        var command = launch.Command.Select(word => word.Replace("{connection_file}", connectionFile, StringComparison.Ordinal)).ToList();
        RequireProgram(command[0], launch);
        var wrapped = KernelGroup.Wrap(command, launch.Limits.Cpus);
        var info = new ProcessStartInfo(wrapped[0], wrapped.Skip(1))
        {
            WorkingDirectory = launch.WorkingDirectory,
            RedirectStandardInput = true, // its own, so that a read in the kernel cannot take the caller's terminal
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in launch.Environment)
            info.Environment[name] = value;
        info.Environment[ParentProcess.EnvironmentVariable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return info;
    }

    // The shell that guards the kernel would say so in its own, less helpful way.
    private static void RequireProgram(string program, KernelLaunch launch)
    {
        if (OperatingSystem.IsWindows())
            return;
        var folders = program.Contains('/', StringComparison.Ordinal)
            ? [launch.WorkingDirectory]
            : (launch.Environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
            throw new Win32Exception($"There is no program '{program}'{(program.Contains('/', StringComparison.Ordinal) ? "" : " on the PATH")}.");
    }

    // Held open together, so that they differ; another program may still take one before the kernel does: the client then starts again.
    private static ConnectionInfo OnFreePorts()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return new()
        {
            ShellPort = ports[0],
            IOPubPort = ports[1],
            StdinPort = ports[2],
            ControlPort = ports[3],
            HeartbeatPort = ports[4],
            Key = Guid.NewGuid().ToString("N"),
        };
    }

    // A process that a signal ended has the exit code 128 + signal.
    private static string SignalName(int exitCode) => exitCode switch
    {
        137 => " (killed, perhaps for want of memory)",
        139 => " (segmentation fault)",
        134 => " (aborted)",
        143 => " (terminated)",
        _ => "",
    };

    private void Remember(string? line)
    {
        if (line is null)
            return;
        lock (_lastLines)
        {
            if (_lastLines.Count == RememberedLines)
                _lastLines.Dequeue();
            _lastLines.Enqueue(line);
        }
    }
}
