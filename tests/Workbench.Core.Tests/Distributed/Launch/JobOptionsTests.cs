using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

public class JobOptionsTests
{
    [Fact]
    public void FindErrors_Defaults_None() => Assert.Empty(new JobOptions { Command = ["true"] }.FindErrors());

    [Fact]
    public void JobSupervisor_ManyErrors_ListsAll()
    {
        var options = new JobOptions
        {
            Command = [], Processes = 2, MinProcesses = 3, Backend = "gloo", MaxRestarts = -1, StallTimeout = TimeSpan.Zero, StartTimeout = TimeSpan.Zero,
            BackOff = TimeSpan.FromSeconds(-1), ThreadsPerRank = 0, WorkingFolder = "/no/such/folder", Network = "eth0;rm", LaunchAgent = "/no/agent",
            Environment = new Dictionary<string, string> { ["A B"] = "" },
        };

        var thrown = Assert.Throws<ArgumentException>(() => new JobSupervisor(options));

        Assert.Equal(12, options.FindErrors().Count);
        Assert.All(options.FindErrors(), error => Assert.Contains(error, thrown.Message, StringComparison.Ordinal));
        Assert.Contains("Backend is 'gloo'; known: auto, mpi, nccl.", options.FindErrors());
    }
}
