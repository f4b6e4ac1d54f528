using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

public class LaunchLineTests
{
    private static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string> { ["WORKBENCH_JOB"] = "secret" };

    [Fact]
    public void Mpirun_OneHost_KeepsToIt()
    {
        var options = new JobOptions { Command = ["train", "--fast"], Processes = 2, WorkingFolder = "/tmp" };
        var line = LaunchLine.Mpirun(options, Placement.Of([], 2), Variables, "/usr/bin/mpirun", isRoot: false, cores: 4);

        Assert.Equal("/usr/bin/mpirun -np 2 --host localhost:2 --map-by slot --bind-to none --tag-output --mca oob_tcp_if_include lo --wdir /tmp -x WORKBENCH_JOB train --fast", line.ToString());
        Assert.DoesNotContain("secret", line.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mpirun_SeveralHosts_FindsDeadLinksAndNeedsNoPassword()
    {
        var options = new JobOptions { Command = ["train"], Processes = 4, Hosts = JobHosts.Parse("a:2,b:2"), Network = "eth0" };
        var line = LaunchLine.Mpirun(options, Placement.Of(options.Hosts, 4), Variables, "mpirun", isRoot: true, cores: 2).ToString();

        Assert.StartsWith("mpirun --allow-run-as-root -np 4 --host a:2,b:2 ", line, StringComparison.Ordinal);
        foreach (string part in new[] { "--mca mpi_yield_when_idle 1", "--mca oob_tcp_keepalive_time 3", "--mca plm_rsh_args '-o BatchMode=yes -o ConnectTimeout=10'", "--mca oob_tcp_if_include eth0", "--mca btl_tcp_if_include eth0" })
            Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
