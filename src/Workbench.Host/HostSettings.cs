using Workbench.Data;
using Workbench.Host.Cluster;

namespace Workbench.Host;

/// <summary>What one host is started with.</summary>
internal sealed record HostSettings
{
    /// <summary>Everything that is kept.</summary>
    public required DataFolder Folder { get; init; }
    /// <summary>Address and port to listen on; port 0 picks a free one.</summary>
    public required string Url { get; init; }
    /// <summary>Key that every request must carry, or null on the loopback address.</summary>
    public string? ApiKey { get; init; }
    /// <summary>The business clock: when predictions, labels and promotions happen. Leases and schedules follow the system's clock.</summary>
    public required TimeProvider Clock { get; init; }
    /// <summary>Where relative paths of definitions start, such as notebooks/02-train.ipynb. </summary>
    public string Project { get; init; } = ProjectFolder.Current;
    /// <summary>Name among the hosts that share the database. Default: machine and process.</summary>
    public string Node { get; init; } = NodeName.Default;
    /// <summary>Steps that run at the same time. Default 2.</summary>
    public int Parallelism { get; init; } = 2;
    /// <summary>How often rules are evaluated; null leaves it to the caller, as a replay does. Default 30 s.</summary>
    public TimeSpan? MonitoringInterval { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Path below which a proxy that keeps it passes requests on, such as /ml; null for none.</summary>
    public string? PathBase { get; init; }
    /// <summary>Where the files of the designer lie; null: beside the executable. They may be missing.</summary>
    public string? StudioFolder { get; init; }
    /// <summary>Least severe messages on the console. Default: warnings.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;
    /// <summary>How often serving looks whether a champion changed. Default 0.5 s.</summary>
    public TimeSpan ChampionInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
