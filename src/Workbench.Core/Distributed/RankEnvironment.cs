using System.Globalization;

namespace Workbench.Distributed;

/// <summary>What the launcher tells a rank by its environment.</summary>
internal static class RankEnvironment
{
    /// <summary>Whether the ranks of this job run on several hosts.</summary>
    public static bool SpansHosts => Number("OMPI_COMM_WORLD_SIZE") is { } size && Number("OMPI_COMM_WORLD_LOCAL_SIZE") is { } here && here < size;

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
