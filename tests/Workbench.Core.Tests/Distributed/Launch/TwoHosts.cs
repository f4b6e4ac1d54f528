using System.Diagnostics;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>Two hosts: network namespaces of this machine with a cable (a veth pair) between them.</summary>
internal sealed class TwoHosts : IDisposable
{
    private readonly string _name = $"wb{Environment.ProcessId % 100000}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosts-");

    private TwoHosts()
    {
    }

    public string First => "10.77.0.1";

    public string Second => "10.77.0.2";

    /// <summary>Runs a command on a host: <c>AGENT HOST COMMAND</c>, as ssh would.</summary>
    public string Agent => Path.Combine(_folder.FullName, "agent.sh");

    /// <summary>Lays the cable; the test skips where that is not allowed.</summary>
    public static TwoHosts Connect()
    {
        var hosts = new TwoHosts();
        try
        {
            hosts.LayCable();
            return hosts;
        }
        catch
        {
            hosts.Dispose();
            throw;
        }
    }

    /// <summary>Pulls the plug of the second host.</summary>
    public void Cut() => Assert.Null(Ip($"-n {_name}b link set {_name}d down"));

    public void Dispose()
    {
        Ip($"netns del {_name}a");
        Ip($"netns del {_name}b");
        _folder.Delete(recursive: true);
    }

    private void LayCable()
    {
        if (Ip($"netns add {_name}a") is { } refused)
            Assert.Skip($"Network namespaces need root and iproute2: {refused}");
        string[] steps =
        [
            $"netns add {_name}b", $"link add {_name}c netns {_name}a type veth peer name {_name}d netns {_name}b",
            $"-n {_name}a addr add {First}/24 dev {_name}c", $"-n {_name}b addr add {Second}/24 dev {_name}d",
            $"-n {_name}a link set {_name}c up", $"-n {_name}b link set {_name}d up", $"-n {_name}a link set lo up", $"-n {_name}b link set lo up",
        ];
        foreach (string step in steps)
            Assert.Null(Ip(step));
        File.WriteAllText(Agent,
            $$"""
            #!/bin/bash
            while [[ $1 == -* ]]; do shift; done
            host=$1; shift
            case $host in {{First}}) space={{_name}}a;; {{Second}}) space={{_name}}b;; *) exit 9;; esac
            exec ip netns exec $space unshare --uts bash -c "hostname $space; exec $*"
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Agent, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Null, or what was said when it failed.</summary>
    private static string? Ip(string arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            string said = ip.StandardError.ReadToEnd();
            ip.WaitForExit();
            return ip.ExitCode == 0 ? null : said.Trim();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return failure.Message;
        }
    }
}
