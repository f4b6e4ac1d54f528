namespace Workbench.Monitoring;

/// <summary>What a channel speaks.</summary>
public enum ChannelKind
{
    /// <summary>Alertmanager's webhook, version 4.</summary>
    Alertmanager,
    /// <summary>An incoming webhook of Slack, or what takes the same JSON.</summary>
    Slack,
    /// <summary>JSON of the message's own properties, posted.</summary>
    Webhook,
    /// <summary>A file of one JSON line a message.</summary>
    File,
}
