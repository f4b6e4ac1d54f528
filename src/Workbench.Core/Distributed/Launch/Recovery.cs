using System.Net;
using System.Net.Sockets;

namespace Workbench.Distributed.Launch;

/// <summary>Decides with which ranks a job goes on after a fault.</summary>
internal static class Recovery
{
    /// <summary>Longest wait before a restart.</summary>
    public static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(30);

    /// <summary>Wait before a restart, numbered from 1: doubled each time.</summary>
    public static TimeSpan BackOff(TimeSpan first, int restart) =>
        TimeSpan.FromTicks((long)Math.Min(first.Ticks * Math.Pow(2, restart - 1), MaxBackOff.Ticks));

    /// <summary>
    /// The hosts and ranks that are left: without hosts of which every rank fell silent or which the launch agent does not reach, and
    /// with one rank less for each other rank at fault. When all ranks are, none is to blame, and all start again.
    /// </summary>
    /// <returns>Where to go on; no ranks at all when too few are left.</returns>
    public static async Task<Placement> SurvivorsAsync(JobOptions options, Placement placement, JobFault fault, JobAttempt attempt, CancellationToken cancellationToken)
    {
        if (!options.Shrinks)
            return placement;
        var hosts = await HostsAsync(placement, attempt.Joined, cancellationToken);
        var gone = hosts.GroupBy(rank => rank.Value, rank => rank.Key)
            .Where(host => host.All(rank => !rank.IsLocal && attempt.IsSilent(rank))).Select(host => host.Key).ToHashSet();
        var missing = fault.Ranks.Where(rank => hosts.Keys.All(hello => hello.Rank != rank)).ToList();
        if (options.Hosts.Count > 0 && hosts.Count < placement.Size)
            gone.UnionWith(await HostProbe.FindUnreachableAsync(options, placement.Hosts.Where(host => !hosts.ContainsValue(host.Name)), cancellationToken));
        var reached = placement.WithoutHosts(gone);
        if (reached.Size < options.MinProcesses)
            return new([]);
        if (fault.Ranks.Count >= placement.Size || gone.Count > 0 && missing.Count > 0)
            return reached;
        var lost = hosts.Where(rank => fault.Ranks.Contains(rank.Key.Rank) && !gone.Contains(rank.Value)).Select(rank => rank.Value)
            .Concat(missing.Select(_ => reached.Hosts[^1].Name));
        return reached.WithoutRanks(lost, options.MinProcesses);
    }

    private static async Task<Dictionary<RankHello, string>> HostsAsync(Placement placement, IEnumerable<RankHello> ranks, CancellationToken cancellationToken)
    {
        var hosts = new Dictionary<RankHello, string>();
        foreach (var rank in ranks)
            hosts[rank] = placement.Hosts.Count == 1 ? placement.Hosts[0].Name : await HostAsync(placement, rank, cancellationToken);
        return hosts;
    }

    private static async Task<string> HostAsync(Placement placement, RankHello rank, CancellationToken cancellationToken)
    {
        if (placement.Hosts.FirstOrDefault(host => rank.IsOn(host.Name)) is { } named)
            return named.Name;
        foreach (var host in placement.Hosts)
            if ((await AddressesAsync(host.Name, cancellationToken)).Any(address => rank.Addresses.Contains(address.ToString())))
                return host.Name;
        return placement.Hosts[^1].Name;
    }

    private static async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return []; // Only the launch agent knows the name.
        }
    }
}
