using System.Text.Json;
using Workbench.Data;
using Workbench.Monitoring;

namespace Workbench.Host.Monitoring;

/// <summary>What the user wants watched: <c>monitoring.json</c> in the data folder. Without the file nothing is watched.</summary>
internal sealed record MonitoringConfig
{
    /// <summary>Alert rules; the action <c>rollback</c> gives the alias back when the champion is on probation.</summary>
    public IReadOnlyList<MetricRule> Rules { get; init; } = [];
    /// <summary>How long a new champion is on probation: an alert in that time rolls it back instead of retraining. Default 60 days, business time.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromDays(60);
    /// <summary>How often every champion's requests are checked for drift, business time. Default one day.</summary>
    public TimeSpan DriftInterval { get; init; } = TimeSpan.FromDays(1);
    /// <summary>How far back the requests go that are checked for drift, business time. Default 30 days.</summary>
    public TimeSpan DriftWindow { get; init; } = TimeSpan.FromDays(30);
    /// <summary>Where each alert goes as one JSON line, relative to the data folder. Default alerts.jsonl.</summary>
    public string AlertFile { get; init; } = "alerts.jsonl";
    /// <summary>Receiver of Alertmanager webhooks, or null.</summary>
    public Uri? Webhook { get; init; }
    /// <summary>Further channels, for alerts and for what pipelines have to say.</summary>
    public IReadOnlyList<ChannelConfig> Channels { get; init; } = [];

    /// <summary>All channels that the configuration names.</summary>
    public ChannelSettings ToChannels() => new() { AlertFile = AlertFile, Webhook = Webhook, Channels = Channels };

    public static string PathIn(DataFolder folder) => Path.Combine(folder.Path, ChannelSettings.FileName);

    /// <summary>The configuration of a data folder.</summary>
    /// <exception cref="CommandException">The file is no such configuration; lists all that is wrong.</exception>
    public static MonitoringConfig Read(DataFolder folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
            return new();
        try
        {
            var config = JsonSerializer.Deserialize<MonitoringConfig>(File.ReadAllText(path), ChannelSettings.Json) ?? throw new JsonException("it is empty");
            EnsurePositive("driftInterval", config.DriftInterval);
            EnsurePositive("driftWindow", config.DriftWindow);
            MetricRule.EnsureValid(config.Rules);
            config.ToChannels().EnsureValid();
            return config;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new CommandException($"'{path}' cannot be used: {failure.Message} Correct it and start again.");
        }
    }

    public void Write(DataFolder folder) => File.WriteAllText(PathIn(folder), JsonSerializer.Serialize(this, ChannelSettings.Json));

    private static void EnsurePositive(string name, TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            throw new ArgumentException($"{name} is {time}; allowed are times above zero, such as 1.00:00:00 for a day.");
    }
}
