using Workbench.Monitoring;

namespace Workbench.Host.Monitoring;

/// <summary>Everyone who hears of an alert.</summary>
internal static class AlertChannels
{
    private static readonly TimeSpan WebhookTimeout = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<INotificationChannel> Create(HostSettings settings, MonitoringConfig config, ReactionChannel reaction)
    {
        var channels = new List<INotificationChannel> { new FileChannel(Path.Combine(settings.Folder.Path, config.AlertFile)) };
        if (config.Webhook is { } webhook)
            channels.Add(new WebhookChannel(new HttpClient { Timeout = WebhookTimeout }, webhook));
        channels.Add(reaction);
        return channels;
    }
}
