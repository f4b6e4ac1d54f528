using System.Globalization;

namespace Workbench.Distributed.Launch;

/// <summary>The command line that starts the ranks.</summary>
/// <param name="Program">mpirun; the ranks' own program where one rank runs on this host.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Variables">Environment variables it is given beside this process's.</param>
/// <param name="IsTagged">Whether output names the rank that wrote it.</param>
internal sealed record LaunchLine(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables, bool IsTagged)
{
    /// <summary>What a message calls the process.</summary>
    public string Name => IsTagged ? "mpirun" : "The program";

    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(word => word.Contains(' ') ? $"'{word}'" : word));

    /// <summary>One rank on this host: a world of one needs no launcher.</summary>
    public static LaunchLine Alone(JobOptions options, IReadOnlyDictionary<string, string> variables) => new(
        options.Command[0], [.. options.Command.Skip(1)],
        new Dictionary<string, string>(variables)
        {
            [JobVariables.Rank] = "0",
            [JobVariables.Size] = "1",
            [JobVariables.LocalRank] = "0",
            [JobVariables.LocalSize] = "1",
        },
        IsTagged: false);

    /// <summary>Ranks under Open MPI's mpirun, which asks whether it is root that starts it (<paramref name="isRoot"/>); hosts have so many <paramref name="cores"/>.</summary>
    public static LaunchLine Mpirun(JobOptions options, Placement placement, IReadOnlyDictionary<string, string> variables, string program, bool isRoot, int cores) => new(
        program,
        [
            .. isRoot ? ["--allow-run-as-root"] : Array.Empty<string>(),
            "-np", placement.Size.ToString(CultureInfo.InvariantCulture),
            "--host", placement.ToString(), "--map-by", "slot", "--bind-to", "none", "--tag-output",
            // Waiting ranks poll; where they outnumber the cores they would take the time of those that work.
            .. placement.Hosts.Any(host => host.Slots >= cores) ? Mca("mpi_yield_when_idle", "1") : [],
            .. options.Hosts.Count == 0 ? Mca("oob_tcp_if_include", "lo") : AcrossHosts(options),
            .. options.WorkingFolder is { } folder ? ["--wdir", folder] : Array.Empty<string>(),
            .. variables.Keys.Order(StringComparer.Ordinal).SelectMany(name => new[] { "-x", name }),
            .. options.Command,
        ],
        variables, IsTagged: true);

    private static string[] AcrossHosts(JobOptions options) =>
    [
        // A dead link is found after 3 + 2 * 2 s; by Open MPI's defaults, after minutes.
        .. Mca("oob_tcp_keepalive_time", "3"), .. Mca("oob_tcp_keepalive_intvl", "2"), .. Mca("oob_tcp_keepalive_probes", "2"),
        // Each host is started from here, so that one that is away does not take others along.
        .. Mca("plm_rsh_no_tree_spawn", "1"),
        // Nobody is there to type a password.
        .. options.LaunchAgent is { } agent ? Mca("plm_rsh_agent", agent) : Mca("plm_rsh_args", "-o BatchMode=yes -o ConnectTimeout=10"),
        .. options.Network is { } network ? [.. Mca("oob_tcp_if_include", network), .. Mca("btl_tcp_if_include", network)] : Array.Empty<string>(),
    ];

    private static string[] Mca(string name, string value) => ["--mca", name, value];
}
