namespace Workbench.Distributed.Launch;

/// <summary>How many ranks run on which host.</summary>
internal sealed record Placement(IReadOnlyList<JobHost> Hosts)
{
    /// <summary>How the launcher calls this machine.</summary>
    public const string ThisHost = "localhost";

    /// <summary>Number of ranks.</summary>
    public int Size => Hosts.Sum(host => host.Slots);

    /// <summary>Ranks fill the hosts in order; those beyond all slots are dealt out in turn. No hosts means this one.</summary>
    public static Placement Of(IReadOnlyList<JobHost> hosts, int processes)
    {
        if (hosts.Count == 0)
            return new([new(ThisHost, processes)]);
        var ranks = new int[hosts.Count];
        var left = processes;
        for (var index = 0; index < ranks.Length; index++)
            left -= ranks[index] = Math.Min(left, hosts[index].Slots);
        for (var index = 0; left > 0; index = (index + 1) % ranks.Length, left--)
            ranks[index]++;
        return new([.. hosts.Zip(ranks, (host, slots) => host with { Slots = slots }).Where(host => host.Slots > 0)]);
    }

    /// <summary>Without hosts that cannot be reached.</summary>
    public Placement WithoutHosts(IReadOnlyCollection<string> unreachable) => new([.. Hosts.Where(host => !unreachable.Contains(host.Name))]);

    /// <summary>With one rank less on each host of <paramref name="lost"/>, as long as at least <paramref name="least"/> are left.</summary>
    public Placement WithoutRanks(IEnumerable<string> lost, int least)
    {
        var hosts = Hosts.ToList();
        foreach (var name in lost.Take(Math.Max(0, Size - least)))
            if (hosts.FindIndex(host => host.Name == name && host.Slots > 0) is var index and >= 0)
                hosts[index] = hosts[index] with { Slots = hosts[index].Slots - 1 };
        return new([.. hosts.Where(host => host.Slots > 0)]);
    }

    public override string ToString() => string.Join(",", Hosts);
}
