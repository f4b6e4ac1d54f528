using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Workbench.Monitoring;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Monitoring;

public class AlertDispatcherTests : DatabaseTests
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

    private string LogFile => Path.Combine(Folder.Path, "alerts", "alerts.jsonl");

    private AlertDispatcher Open(params INotificationChannel[] channels) => AlertDispatcher.Open(Folder.Data, channels, _clock);

    private AlertDispatcher OpenBoth() => Open(new FileChannel(LogFile), new WebhookChannel(_client, _webhook.Url));

    private async Task<AlertEvent> AddAsync(AlertState state, string rule = "churn-accuracy")
    {
        var alert = new AlertEvent
        {
            Id = Guid.NewGuid().ToString("N"),
            Rule = rule,
            Model = "churn",
            Version = 1,
            State = state,
            Metric = "accuracy",
            Value = 0.85,
            Threshold = 0.9,
            FiresBelow = true,
            Rows = 2000,
            At = At,
            StartsAt = At.AddDays(-1),
            Actions = ["retrain"],
            Note = "",
        };
        await AlertTables.Open(Folder.Data).InWriteTransactionAsync((connection, transaction) => AlertTables.WriteEventAsync(connection, transaction, alert));
        return alert;
    }

    [Fact]
    public async Task DispatchAsync_FiringAndResolved_ReachBothChannelsOnce()
    {
        await AddAsync(AlertState.Pending);
        var firing = await AddAsync(AlertState.Firing);
        var resolved = await AddAsync(AlertState.Resolved);
        Assert.Equal(4, (await OpenBoth().DispatchAsync()).Count);
        Assert.Empty(await OpenBoth().DispatchAsync());

        var lines = (await File.ReadAllLinesAsync(LogFile)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([firing.Id, resolved.Id], lines.Select(line => line.GetProperty("id").GetString()!));
        Assert.Equal("firing", lines[0].GetProperty("state").GetString());
        Assert.Equal(["firing", "resolved"], _webhook.Bodies.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("status").GetString()!));
    }

    [Fact]
    public async Task DispatchAsync_Webhook_SpeaksAlertmanagerVersion4()
    {
        var firing = await AddAsync(AlertState.Firing);
        await Open(new WebhookChannel(_client, _webhook.Url, "ops", new Uri("http://workbench.local/"))).DispatchAsync();
        var body = JsonDocument.Parse(Assert.Single(_webhook.Bodies)).RootElement;
        // The keys that Alertmanager 0.25 was seen to send.
        Assert.Equal(
            ["alerts", "commonAnnotations", "commonLabels", "externalURL", "groupKey", "groupLabels", "receiver", "status", "truncatedAlerts", "version"],
            body.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal("4", body.GetProperty("version").GetString());
        Assert.Equal("ops", body.GetProperty("receiver").GetString());
        Assert.Equal("{}:{alertname=\"churn-accuracy\"}", body.GetProperty("groupKey").GetString());
        Assert.Equal(0, body.GetProperty("truncatedAlerts").GetInt32());
        var alert = Assert.Single(body.GetProperty("alerts").EnumerateArray());
        Assert.Equal(
            ["annotations", "endsAt", "fingerprint", "generatorURL", "labels", "startsAt", "status"],
            alert.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal("2025-04-07T00:00:00Z", alert.GetProperty("startsAt").GetString());
        Assert.Equal("0001-01-01T00:00:00Z", alert.GetProperty("endsAt").GetString());
        // Alertmanager 0.25 gave this fingerprint to an alert of the same four labels.
        Assert.Equal("a56ee62de1e11841", alert.GetProperty("fingerprint").GetString());
        Assert.Equal("1", alert.GetProperty("labels").GetProperty("version").GetString());
        Assert.Equal(firing.Id, alert.GetProperty("annotations").GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task DispatchAsync_WebhookFails_IsVisibleAndTriedAgainLater()
    {
        _webhook.Status = 503;
        await AddAsync(AlertState.Firing);
        var attempts = await OpenBoth().DispatchAsync();
        Assert.Equal([("file", true), ("webhook", false)], attempts.Select(attempt => (attempt.Channel, attempt.DeliveredAt is not null)));
        var waiting = Assert.Single(await OpenBoth().UndeliveredAsync());
        Assert.Contains("answered 503: planted", waiting.Error);
        Assert.Equal((1, At.AddSeconds(5)), (waiting.Attempts, waiting.RetryAt));

        Assert.Empty(await OpenBoth().DispatchAsync()); // not due yet
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, Assert.Single(await OpenBoth().DispatchAsync()).Attempts);
        Assert.Equal(At.AddSeconds(15), Assert.Single(await OpenBoth().UndeliveredAsync()).RetryAt); // 5 s, then 10 s

        _webhook.Status = 200;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(Assert.Single(await OpenBoth().DispatchAsync()).DeliveredAt);
        Assert.Empty(await OpenBoth().UndeliveredAsync());
        Assert.Single(await File.ReadAllLinesAsync(LogFile)); // the file had it once
    }

    [Fact]
    public async Task DispatchAsync_EarlierEventWaits_HoldsBackTheSameRuleOnly()
    {
        _webhook.Status = 500;
        var firing = await AddAsync(AlertState.Firing);
        await Open(new WebhookChannel(_client, _webhook.Url)).DispatchAsync();
        _webhook.Status = 200;
        _webhook.Bodies.Clear();
        var resolved = await AddAsync(AlertState.Resolved);
        var other = await AddAsync(AlertState.Firing, "other-rule");
        Assert.Equal([other.Id], (await Open(new WebhookChannel(_client, _webhook.Url)).DispatchAsync()).Select(attempt => attempt.EventId));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([firing.Id, resolved.Id], (await Open(new WebhookChannel(_client, _webhook.Url)).DispatchAsync()).Select(attempt => attempt.EventId));
    }

    [Fact]
    public async Task DispatchAsync_NobodyListens_RecordsTheError()
    {
        await AddAsync(AlertState.Firing);
        var attempt = Assert.Single(await Open(new WebhookChannel(_client, new Uri("http://127.0.0.1:9/"))).DispatchAsync());
        Assert.StartsWith("HttpRequestException:", attempt.Error);
    }

    [Fact]
    public async Task DispatchAsync_NoChannel_LetsEventsWait()
    {
        await AddAsync(AlertState.Firing);
        Assert.Empty(await Open().DispatchAsync());
        Assert.Single(await Open(new FileChannel(LogFile)).DispatchAsync());
    }

    [Fact]
    public void Open_TwoChannelsOfOneName_Throws() =>
        Assert.Throws<ArgumentException>(() => Open(new FileChannel("a"), new FileChannel("b")));
}
