using System.ComponentModel;
using System.Diagnostics;

namespace Workbench.Distributed.Launch;

/// <summary>Asks hosts through the launch agent whether they can be reached.</summary>
internal static class HostProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    /// <summary>The names of those of <paramref name="hosts"/> where the agent could not run <c>true</c>.</summary>
    public static async Task<IReadOnlyCollection<string>> FindUnreachableAsync(JobOptions options, IEnumerable<JobHost> hosts, CancellationToken cancellationToken)
    {
        var probes = hosts.Select(async host => (host.Name, IsReached: await IsReachedAsync(options.LaunchAgent, host.Name, cancellationToken)));
        return [.. (await Task.WhenAll(probes)).Where(probe => !probe.IsReached).Select(probe => probe.Name)];
    }

    private static async Task<bool> IsReachedAsync(string? agent, string host, CancellationToken cancellationToken)
    {
        string[] arguments = agent is null ? ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", host, "true"] : [host, "true"];
        using var process = new Process { StartInfo = new(agent ?? "ssh", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            process.Start();
            process.StandardInput.Close();
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token), process.WaitForExitAsync(patience.Token));
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // No such agent: mpirun has said so already.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (IsRunning(process))
                process.Kill(entireProcessTree: true);
        }
    }

    private static bool IsRunning(Process process)
    {
        try
        {
            return !process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return false; // It was never started.
        }
    }
}
