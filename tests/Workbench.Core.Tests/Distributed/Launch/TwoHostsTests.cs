using System.Diagnostics;

namespace Workbench.Core.Tests.Distributed.Launch;

public class TwoHostsTests
{
    [Fact]
    public async Task RunAsync_CableIsPulled_EndsOnBothHostsAndGoesOnWithTheOneThatIsLeft()
    {
        using var hosts = TwoHosts.Connect();
        using var supervisor = SupervisorProcess.Start([hosts.Agent, hosts.First], "2", $"{hosts.First}:1,{hosts.Second}:1", hosts.Agent, "10.77.0.0/24", "work", "none", "0", "400");
        await supervisor.ReadUntilStepsAsync();
        var running = supervisor.Processes.Left();
        Assert.NotEmpty(running);

        hosts.Cut();
        long began = Stopwatch.GetTimestamp();

        // 8 s of silence, seen by both sides; 10 s until the other side has ended for certain.
        var aborted = await supervisor.ReadUntilAsync(told => (string?)told["kind"] == "Aborted");
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(13));
        Assert.Contains("said nothing for 8 s", (string)aborted["text"]!, StringComparison.Ordinal);
        var ranks = running.Where(process => process != supervisor.Id).ToList();
        Assert.DoesNotContain(ranks, rank => rank.IsAlive);
        var result = await supervisor.ReadUntilAsync(told => told["succeeded"] is not null);
        Assert.True((bool)result["succeeded"]!);
        Assert.Equal((2, 1), ((int)result["attempts"]!, (int)result["size"]!));
        await supervisor.Processes.WaitUntilGoneAsync(TimeSpan.FromSeconds(10));
    }
}
