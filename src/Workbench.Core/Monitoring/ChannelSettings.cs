using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data;

namespace Workbench.Monitoring;

/// <summary>Everyone who can be told something: what <c>monitoring.json</c> in the data folder says of channels.</summary>
public sealed record ChannelSettings
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "monitoring.json";

    private const string File = "file";
    private const string WebhookName = "webhook";
    // The host's own channel, which acts on alerts.
    private const string Reaction = "reaction";

    /// <summary>How the file is read and written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>File of the channel <c>file</c>, relative to the data folder. Default alerts.jsonl.</summary>
    public string AlertFile { get; init; } = "alerts.jsonl";
    /// <summary>Receiver of Alertmanager's webhooks, the channel <c>webhook</c>; null for none.</summary>
    public Uri? Webhook { get; init; }
    /// <summary>Further channels.</summary>
    public IReadOnlyList<ChannelConfig> Channels { get; init; } = [];

    /// <summary>Names of all channels.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Names => [File, .. Webhook is null ? Array.Empty<string>() : [WebhookName], .. Channels.Select(channel => channel.Name)];

    /// <summary>The channels of a data folder; without the file there is only <c>file</c>.</summary>
    /// <exception cref="DataException">The file cannot be read, or a channel is wrong; lists all that is.</exception>
    public static ChannelSettings Read(DataFolder folder)
    {
        var path = System.IO.Path.Combine(folder.Path, FileName);
        if (!System.IO.File.Exists(path))
            return new();
        try
        {
            var settings = JsonSerializer.Deserialize<ChannelSettings>(System.IO.File.ReadAllText(path), Json) ?? throw new JsonException("it is empty");
            settings.EnsureValid();
            return settings;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new DataException($"'{path}' cannot be used: {failure.Message} Correct it.", failure) { Origin = path };
        }
    }

    /// <exception cref="ArgumentException">Lists everything that is wrong with the channels.</exception>
    public void EnsureValid()
    {
        var problems = Channels.SelectMany(Problems).ToList();
        problems.AddRange(Channels.GroupBy(channel => channel.Name).Where(group => group.Count() > 1).Select(group => $"{group.Count()} channels are named '{group.Key}'. Give each its own name."));
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(' ', problems));
    }

    /// <summary>All channels, for messages.</summary>
    /// <param name="folder">Where files are relative to.</param>
    /// <param name="client">Posts; its timeout ends an attempt.</param>
    public IReadOnlyList<IMessageChannel> ForMessages(DataFolder folder, HttpClient client) => [.. Create(folder, client).Select(pair => pair.Channel)];

    /// <summary>The channels that hear of every alert.</summary>
    /// <param name="folder">Where files are relative to.</param>
    /// <param name="client">Posts; its timeout ends an attempt.</param>
    public IReadOnlyList<IMessageChannel> ForAlerts(DataFolder folder, HttpClient client) => [.. Create(folder, client).Where(pair => pair.Alerts).Select(pair => pair.Channel)];

    private IEnumerable<(IMessageChannel Channel, bool Alerts)> Create(DataFolder folder, HttpClient client)
    {
        yield return (new FileChannel(System.IO.Path.Combine(folder.Path, AlertFile), File), true);
        if (Webhook is { } webhook)
            yield return (new WebhookChannel(client, webhook, WebhookName), true);
        foreach (var channel in Channels)
            yield return (Create(channel, folder, client), channel.Alerts);
    }

    // A channel that is valid has what its kind needs.
    private static IMessageChannel Create(ChannelConfig channel, DataFolder folder, HttpClient client) => channel.Kind switch
    {
        ChannelKind.Alertmanager => new WebhookChannel(client, channel.Url!, channel.Name),
        ChannelKind.Slack => new SlackChannel(client, channel.Url!, channel.Name),
        ChannelKind.Webhook => new JsonWebhookChannel(client, channel.Url!, channel.Name),
        _ => new FileChannel(System.IO.Path.Combine(folder.Path, channel.Path!), channel.Name),
    };

    private static IEnumerable<string> Problems(ChannelConfig channel)
    {
        if (channel.Name.Length is 0 or > 100 || !channel.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            yield return $"A channel is named '{channel.Name}'; allowed are 1 to 100 letters, digits, dashes, underscores and dots.";
        if (channel.Name is File or WebhookName or Reaction)
            yield return $"A channel is named '{channel.Name}', which is a name of the host's own. Choose another.";
        if (channel.Kind == ChannelKind.File && string.IsNullOrEmpty(channel.Path))
            yield return $"The channel '{channel.Name}' is a file and has no path. Give it one, relative to the data folder.";
        if (channel.Kind != ChannelKind.File && channel.Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            yield return $"The channel '{channel.Name}' has the url '{channel.Url}'. Give it one that begins with http:// or https://.";
    }
}
