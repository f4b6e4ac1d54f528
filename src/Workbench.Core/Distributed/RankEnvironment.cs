using System.Globalization;

namespace Workbench.Distributed;

/// <summary>What the launcher tells a rank by its environment.</summary>
internal static class RankEnvironment
{
    /// <summary>Whether the ranks of this job run on several hosts.</summary>
    public static bool SpansHosts => Number("OMPI_COMM_WORLD_SIZE") is { } size && LocalSize < size;

    /// <summary>This rank among those of its host, from 0.</summary>
    public static int LocalRank => Number("OMPI_COMM_WORLD_LOCAL_RANK") ?? 0;

    /// <summary>Ranks of this host, at least 1.</summary>
    public static int LocalSize => Number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? 1;

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
