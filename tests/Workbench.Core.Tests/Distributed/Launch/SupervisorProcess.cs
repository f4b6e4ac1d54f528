using System.Diagnostics;
using System.Text.Json.Nodes;
using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>A supervisor in a process of its own, with its events.</summary>
internal sealed class SupervisorProcess : IDisposable
{
    private readonly Process _process;

    private SupervisorProcess(Process process) => _process = process;

    public MarkedProcesses Processes { get; private init; } = new();

    public LinuxProcess Id => LinuxProcess.Find(_process.Id)!.Value; // Asked for while it runs.

    /// <summary>Starts it, by way of <paramref name="before"/> (a command that executes its arguments).</summary>
    public static SupervisorProcess Start(string[] before, params string[] parameters)
    {
        _ = Distributed.Ranks.Mpirun; // Skips where there is none.
        string[] command = [.. before, Distributed.Ranks.Program, "supervise", .. parameters];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        var processes = new MarkedProcesses();
        foreach (var (name, value) in processes.Variables)
            start.Environment[name] = value;
        return new(Process.Start(start)!) { Processes = processes };
    }

    /// <summary>Reads on until a line that is looked for.</summary>
    public async Task<JsonNode> ReadUntilAsync(Func<JsonNode, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            if (JsonNode.Parse(line)! is var told && condition(told))
                return told;
        throw new InvalidOperationException("The supervisor ended before it said what was waited for.");
    }

    public Task ReadUntilStepsAsync() => ReadUntilAsync(told => (string?)told["kind"] == "RankProgress" && (long?)told["step"] > 0);

    public void Dispose()
    {
        foreach (var process in Processes.Left())
            process.Signal(LinuxProcess.SigKill);
        _process.Dispose();
    }
}
