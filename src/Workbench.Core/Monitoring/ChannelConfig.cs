namespace Workbench.Monitoring;

/// <summary>A channel as the user names it.</summary>
public sealed record ChannelConfig
{
    /// <summary>Unique name; pipelines ask for it.</summary>
    public string Name { get; init; } = "";
    /// <summary>What it speaks.</summary>
    public ChannelKind Kind { get; init; } = ChannelKind.Webhook;
    /// <summary>Where it posts; null for a file.</summary>
    public Uri? Url { get; init; }
    /// <summary>The file, relative to the data folder; null for the others.</summary>
    public string? Path { get; init; }
    /// <summary>Whether it hears of every alert too. Default true.</summary>
    public bool Alerts { get; init; } = true;
}
