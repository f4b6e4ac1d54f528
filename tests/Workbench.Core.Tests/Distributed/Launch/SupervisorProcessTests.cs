using System.Diagnostics;
using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>What becomes of ranks, which ignore SIGTERM, when their supervisor's process is ended.</summary>
public class SupervisorProcessTests
{
    private const int SigStop = 19;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Kill_OfTheSupervisor_LeavesNoProcess()
    {
        using var supervisor = SupervisorProcess.Start([], "2", "-", "-", "-", "work", "none", "0", "3000");
        await supervisor.ReadUntilStepsAsync();
        Assert.True(supervisor.Processes.Left().Count >= 4, "The supervisor, mpirun and two ranks.");
        string folder = supervisor.Processes.SessionFolder();

        supervisor.Id.Signal(LinuxProcess.SigKill);

        await supervisor.Processes.WaitUntilGoneAsync(Bound);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Kill_OfTheSupervisorOfRanksThatNeverJoin_LeavesNoProcess()
    {
        using var supervisor = SupervisorProcess.Start([], "2", "-", "-", "-", "stray");
        await supervisor.ReadUntilAsync(told => (string?)told["kind"] == "Starting");
        // Supervisor, shell, its guard, mpirun, two ranks, a child of each.
        for (long began = Stopwatch.GetTimestamp(); supervisor.Processes.Left().Count < 8; await Task.Delay(50, TestContext.Current.CancellationToken))
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));

        supervisor.Id.Signal(LinuxProcess.SigKill);

        await supervisor.Processes.WaitUntilGoneAsync(Bound);
    }

    [Fact]
    public async Task Kill_OfTheSupervisorWhoseLauncherHangs_LeavesNoProcess()
    {
        using var supervisor = SupervisorProcess.Start([], "2", "-", "-", "-", "stray");
        for (long began = Stopwatch.GetTimestamp(); supervisor.Processes.Left().Count < 8; await Task.Delay(50, TestContext.Current.CancellationToken))
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
        var launcher = supervisor.Processes.Left().Single(process => File.ReadAllText($"/proc/{process.Id}/comm").Trim() is "mpirun" or "orterun" or "prterun");
        launcher.Signal(SigStop);

        supervisor.Id.Signal(LinuxProcess.SigKill);

        await supervisor.Processes.WaitUntilGoneAsync(Bound);
    }

    [Fact]
    public async Task Terminate_TheSupervisor_EndsAllAndSaysSo()
    {
        using var supervisor = SupervisorProcess.Start([], "2", "-", "-", "-", "work", "none", "0", "3000");
        await supervisor.ReadUntilStepsAsync();
        long began = Stopwatch.GetTimestamp();

        supervisor.Id.Signal(LinuxProcess.SigTerm);

        await supervisor.ReadUntilAsync(told => (bool?)told["cancelled"] == true);
        await supervisor.Processes.WaitUntilGoneAsync(Bound);
        Assert.True(Stopwatch.GetElapsedTime(began) < Bound);
    }
}
