using System.Text.RegularExpressions;

namespace Workbench.Distributed.Launch;

/// <summary>What a job runs, on how many ranks, and what happens when one is lost.</summary>
public sealed partial record JobOptions
{
    /// <summary>What <see cref="Backend"/> may be.</summary>
    public static IReadOnlyList<string> Backends { get; } = ["auto", "mpi", "nccl"];

    /// <summary>Program and arguments, the same for every rank. The program calls <see cref="RankSession.Join"/> first of all.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Number of ranks at the start, at least 1. Default 1.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Machines with the ranks each takes, see <see cref="JobHosts.Parse"/>. Default none: this machine.</summary>
    public IReadOnlyList<JobHost> Hosts { get; init; } = [];

    /// <summary>Engine of the collective operations, given to the ranks as <c>WORKBENCH_BACKEND</c>. Default <c>auto</c>.</summary>
    public string Backend { get; init; } = "auto";

    /// <summary>How often a job that lost a rank is started anew, at least 0. Default 3.</summary>
    public int MaxRestarts { get; init; } = 3;

    /// <summary>A rank that makes no step for so long has stalled; more than zero. Longer than the longest evaluation or checkpoint. Default 5 minutes.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Every rank has joined within this time; more than zero. Default 60 seconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wait before the first restart, doubled for each further one up to 30 seconds; zero for none. Default 1 second.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a restart goes on with the ranks and hosts that are left (default) or with the same number on the same hosts.</summary>
    public bool Shrinks { get; init; } = true;

    /// <summary>The job does not shrink below so many ranks, from 1 to <see cref="Processes"/>. Default 1.</summary>
    public int MinProcesses { get; init; } = 1;

    /// <summary>Threads that each rank computes with (<c>OMP_NUM_THREADS</c>), at least 1. Default: the cores of this machine over the ranks on it.</summary>
    public int? ThreadsPerRank { get; init; }

    /// <summary>Environment variables for the ranks, beside those of this process. On other machines the ranks see these alone.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Folder that the ranks start in. Default this process's own.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Network that hosts talk over: names of interfaces or networks as <c>10.0.0.0/24</c>, with commas between. Default all.</summary>
    public string? Network { get; init; }

    /// <summary>Program that starts a command on another machine, called as <c>AGENT HOST COMMAND</c>. Default ssh.</summary>
    public string? LaunchAgent { get; init; }

    /// <summary>All that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. Check(Command.Count > 0 && !string.IsNullOrWhiteSpace(Command[0]), "Command is empty; name the program that each rank runs."),
        .. Check(Processes is >= 1 and <= 4096, $"Processes is {Processes}; allowed: 1 to 4096."),
        .. Check(MinProcesses >= 1 && MinProcesses <= Processes, $"MinProcesses is {MinProcesses}; allowed: 1 to Processes ({Processes})."),
        .. Check(Backends.Contains(Backend), $"Backend is '{Backend}'; known: {string.Join(", ", Backends)}."),
        .. Check(MaxRestarts >= 0, $"MaxRestarts is {MaxRestarts}; allowed: 0 or more."),
        .. Check(StallTimeout > TimeSpan.Zero, $"StallTimeout is {StallTimeout}; allowed: more than zero."),
        .. Check(StartTimeout > TimeSpan.Zero, $"StartTimeout is {StartTimeout}; allowed: more than zero."),
        .. Check(BackOff >= TimeSpan.Zero, $"BackOff is {BackOff}; allowed: zero or more."),
        .. Check(ThreadsPerRank is null or >= 1, $"ThreadsPerRank is {ThreadsPerRank}; allowed: 1 or more."),
        .. Check(WorkingFolder is null || Hosts.Count > 0 || Directory.Exists(WorkingFolder), $"WorkingFolder '{WorkingFolder}' does not exist; create it or name another."),
        .. Check(Network is null || NetworkList().IsMatch(Network), $"Network is '{Network}'; allowed: interfaces or networks, such as eth0 or 10.0.0.0/24, with commas between."),
        .. Check(LaunchAgent is null || File.Exists(LaunchAgent) || !LaunchAgent.Contains('/'), $"LaunchAgent '{LaunchAgent}' does not exist."),
        .. Environment.Keys.Where(name => !VariableName().IsMatch(name)).Select(name => $"Environment holds '{name}'; a name has letters, digits and underscores."),
    ];

    private static IEnumerable<string> Check(bool isRight, string error) => isRight ? [] : [error];

    [GeneratedRegex(@"^[A-Za-z0-9_.:/-]+(,[A-Za-z0-9_.:/-]+)*$")]
    private static partial Regex NetworkList();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();
}
