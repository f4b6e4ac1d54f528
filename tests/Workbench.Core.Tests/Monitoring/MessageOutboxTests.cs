using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Monitoring;

namespace Workbench.Core.Tests.Monitoring;

/// <summary>Messages against a real HTTP server; pauses as the documentation says: 5 s, doubling up to 5 minutes.</summary>
public class MessageOutboxTests : DatabaseTests
{
    private static readonly DateTimeOffset At = new(2025, 4, 8, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(At);
    private readonly LocalWebhook _webhook = new();
    private readonly HttpClient _client = new();

    protected override Task TearDownAsync()
    {
        _client.Dispose();
        _webhook.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task DispatchAsync_EachKindOfChannel_SpeaksItsProtocol()
    {
        var outbox = Open(new WebhookChannel(_client, _webhook.Url, "ops"), new JsonWebhookChannel(_client, _webhook.Url, "plain"), new SlackChannel(_client, _webhook.Url, "team"), new FileChannel(LogFile));
        Assert.True(await outbox.AddAsync(Message("m1"), ["ops", "plain", "team", "file"]));

        Assert.All(await outbox.DispatchAsync(), attempt => Assert.Null(attempt.Error));

        var bodies = _webhook.Bodies.Select(body => JsonNode.Parse(body)!.AsObject()).ToList();
        var ops = bodies.Single(body => body.ContainsKey("alerts"));
        Assert.Equal(("4", "firing", "ops", "{}:{alertname=\"Rows < 10 & late\"}"), ((string?)ops["version"], (string?)ops["status"], (string?)ops["receiver"], (string?)ops["groupKey"]));
        Assert.Equal("""{"alertname":"Rows < 10 & late","run":"r1","severity":"warning","workflow":"nightly"}""", ops["commonLabels"]!.ToJsonString(Relaxed));
        Assert.Equal("""{"description":"See <https://x>","event_id":"m1","summary":"Rows < 10 & late"}""", ops["alerts"]![0]!["annotations"]!.ToJsonString(Relaxed));
        // Slack's own rule: &, < and > are written as entities, so that no text of ours becomes a link or a mention.
        Assert.Equal("""{"text":"*Warning: Rows &lt; 10 &amp; late*\nSee &lt;https://x&gt;\n_nightly, run r1_"}""", bodies.Single(body => body.ContainsKey("text") && body.Count == 1).ToJsonString(Relaxed));
        var plain = bodies.Single(body => body.ContainsKey("subject"));
        Assert.Equal(("m1", "warning", "See <https://x>"), ((string?)plain["id"], (string?)plain["severity"], (string?)plain["text"]));
        Assert.Equal("m1", JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(LogFile))).RootElement.GetProperty("id").GetString());
        Assert.Empty(await outbox.DispatchAsync());
    }

    [Fact]
    public async Task AddAsync_KnownId_ChangesNothing()
    {
        var outbox = Open(new FileChannel(LogFile));
        Assert.True(await outbox.AddAsync(Message("m1"), ["file", "file"]));
        Assert.False(await outbox.AddAsync(Message("m1") with { Subject = "other" }, ["file", "ops"]));
        Assert.Single(await outbox.DispatchAsync());
        Assert.Equal("Rows < 10 & late", Assert.Single(await outbox.ListAsync()).Message.Subject);
        await Assert.ThrowsAsync<ArgumentException>(() => outbox.AddAsync(Message("m2"), []));
    }

    [Fact]
    public async Task DispatchAsync_ReceiverIsAway_TriesAgainLaterAndOverARestart()
    {
        _webhook.Status = 503;
        await Open().AddAsync(Message("m1"), ["team", "file"]);
        await Open().AddAsync(Message("m2") with { At = At.AddMinutes(1) }, ["team"]);

        var first = await Open(new SlackChannel(_client, _webhook.Url, "team"), new FileChannel(LogFile)).DispatchAsync();
        Assert.Equal(["file ", "team 503"], first.Select(attempt => $"{attempt.Channel} {(attempt.Error is null ? "" : "503")}").Order()); // m2 is not tried: its channel does not answer.
        var failed = first.Single(attempt => attempt.Error is not null);
        Assert.Contains("answered 503", failed.Error);
        Assert.DoesNotContain(_webhook.Url.AbsolutePath, failed.Error); // Of Slack's address the path is the secret.
        Assert.Equal(At.AddSeconds(5), failed.RetryAt);
        var restarted = Open(new SlackChannel(_client, _webhook.Url, "team"), new FileChannel(LogFile));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(At.AddSeconds(15), (await restarted.DispatchAsync()).Single(attempt => attempt.Message.Id == "m1").RetryAt); // 5 s later, and 10 s more
        _webhook.Status = 200;
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["m1", "m2"], (await restarted.DispatchAsync()).Select(attempt => attempt.Message.Id));
        Assert.Single(await File.ReadAllLinesAsync(LogFile)); // What was taken is not sent again.
        Assert.Equal(3, (await restarted.ListAsync()).Single(delivery => delivery is { Channel: "team", Message.Id: "m1" }).Attempts);
    }

    [Fact]
    public async Task DispatchAsync_ChannelThatTheHostDoesNotKnow_SaysSoAndWaits()
    {
        await Open().AddAsync(Message("m1"), ["new"]);
        var attempt = Assert.Single(await Open(new FileChannel(LogFile)).DispatchAsync());
        Assert.Contains("no channel 'new'. Known: file. Restart the host when monitoring.json has changed.", attempt.Error);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(Assert.Single(await Open(new FileChannel(LogFile, "new")).DispatchAsync()).Error);
    }

    [Fact]
    public void ChannelSettings_WrongChannels_NamesAllThatIsWrong()
    {
        File.WriteAllText(Path.Combine(Folder.Data.Path, "monitoring.json"),
            """{ "channels": [ { "name": "a b", "url": "http://x" }, { "name": "file", "kind": "file", "path": "f" }, { "name": "s", "kind": "slack" }, { "name": "s", "kind": "file" }, ], }""");
        var failure = Assert.Throws<DataException>(() => ChannelSettings.Read(Folder.Data));
        foreach (var expected in new[] { "'a b'", "'file', which is a name of the host's own", "The channel 's' has the url ''", "The channel 's' is a file and has no path", "2 channels are named 's'" })
            Assert.Contains(expected, failure.Message);
        File.WriteAllText(Path.Combine(Folder.Data.Path, "monitoring.json"), """{ "channels": [ { "name": "a", "kind": "pigeon", "url": "http://x" } ] }""");
        Assert.Contains("monitoring.json' cannot be used", Assert.Throws<DataException>(() => ChannelSettings.Read(Folder.Data)).Message);
    }

    [Fact]
    public void ChannelSettings_AlertsOff_TakesMessagesOnly()
    {
        File.WriteAllText(Path.Combine(Folder.Data.Path, "monitoring.json"),
            """{ "rules": [], "webhook": "http://127.0.0.1:9/", "channels": [ { "name": "quiet", "kind": "slack", "url": "http://127.0.0.1:9/", "alerts": false }, { "name": "log", "kind": "file", "path": "log.jsonl" } ] }""");
        var settings = ChannelSettings.Read(Folder.Data);
        Assert.Equal(["file", "webhook", "quiet", "log"], settings.Names);
        Assert.Equal(settings.Names, settings.ForMessages(Folder.Data, _client).Select(channel => channel.Name));
        Assert.Equal(["file", "webhook", "log"], settings.ForAlerts(Folder.Data, _client).Select(channel => channel.Name));
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string LogFile => Path.Combine(Folder.Path, "log", "messages.jsonl");

    private MessageOutbox Open(params IMessageChannel[] channels) => MessageOutbox.Open(Folder.Data, channels, _clock);

    private static NotificationMessage Message(string id) => new()
    {
        Id = id, Subject = "Rows < 10 & late", Text = "See <https://x>", Severity = NotificationSeverity.Warning, Source = "nightly", RunId = "r1", At = At,
    };
}
