using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Workbench.Notebooks.Protocol;

/// <summary>The kernel's process, started with a connection file of its own. Disposing it ends the process and all it started.</summary>
internal sealed partial class KernelChild : IDisposable
{
    private const int RememberedLines = 20;

    private readonly Process _process;
    private readonly string _connectionFile;
    private readonly Queue<string> _lastLines = new();

    private KernelChild(Process process, ConnectionInfo connection, string connectionFile)
    {
        _process = process;
        _connectionFile = connectionFile;
        Connection = connection;
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Exited = process.WaitForExitAsync();
    }

    public ConnectionInfo Connection { get; }

    /// <summary>Ends when the process has ended.</summary>
    public Task Exited { get; }

    /// <exception cref="KernelEndedException">The program cannot be started.</exception>
    public static KernelChild Start(KernelLaunch launch)
    {
        var connection = OnFreePorts();
        var file = Path.Combine(Path.GetTempPath(), $"workbench-kernel-{Guid.NewGuid():N}.json");
        connection.Save(file);
        try
        {
            var process = Process.Start(StartInfo(launch, file)) ?? throw new Win32Exception("No process was started.");
            return new(process, connection, file);
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

    /// <summary>Sends SIGINT, as a terminal does on Ctrl+C; returns false where there are no signals.</summary>
    public bool TrySignalInterrupt()
    {
        if (OperatingSystem.IsWindows())
            return false;
        if (!_process.HasExited)
            _ = Signal(_process.Id, 2);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        File.Delete(_connectionFile);
    }

    private static ProcessStartInfo StartInfo(KernelLaunch launch, string connectionFile)
    {
        var info = new ProcessStartInfo(launch.Command[0])
        {
            WorkingDirectory = launch.WorkingDirectory,
            RedirectStandardInput = true, // its own, so that a read in the kernel cannot take the caller's terminal
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in launch.Command.Skip(1))
            info.ArgumentList.Add(argument.Replace("{connection_file}", connectionFile, StringComparison.Ordinal));
        foreach (var (name, value) in launch.Environment)
            info.Environment[name] = value;
        info.Environment[ParentProcess.EnvironmentVariable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return info;
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
