using Workbench.Monitoring;

namespace Workbench.Host.Monitoring;

/// <summary>Everyone who hears of an alert.</summary>
internal static class AlertChannels
{
    /// <summary>Posts to receivers.</summary>
    public static HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    public static IReadOnlyList<INotificationChannel> Create(HostSettings settings, MonitoringConfig config, ReactionChannel reaction) =>
        [.. config.ToChannels().ForAlerts(settings.Folder, Client), reaction];
}
