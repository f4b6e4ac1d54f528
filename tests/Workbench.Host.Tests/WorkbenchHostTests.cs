using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Workbench.Host.Activities;
using Workbench.Host.Monitoring;
using Workbench.Host.Tests.Activities;
using Workbench.Monitoring;
using Workbench.Registry;

namespace Workbench.Host.Tests;

/// <summary>A host in this process, spoken to over HTTP.</summary>
public sealed class WorkbenchHostTests
{
    [Fact]
    public async Task Infer_Champion_IsLoggedAndJoinedWithItsLabel()
    {
        await using var world = await StartAsync();
        var answer = await world.InferAsync("r1", 1.5, "red");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await world.InferAsync("r2", -1.5, "red");
        var labels = await world.Client.PostAsJsonAsync("/api/models/tiny/labels", new { labels = new[] { new { id = "r1", value = 1 } } });
        labels.EnsureSuccessStatusCode();

        var window = await world.GetAsync("/api/models/tiny/performance?from=2000-01-01&to=2100-01-01");
        Assert.Equal(2, (int)window["predictions"]!);
        Assert.Equal(1, (int)window["labelled"]!);
        // The label of r2 never arrives: it is counted as pending, and not as right or wrong.
        Assert.Equal(1, (int)window["pending"]!);
        Assert.Equal(1.0, (double)window["accuracy"]!);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1]},{"name":"color","shape":[1,1],"datatype":"BYTES","data":["red"]}]}""", "colour")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1e999]},{"name":"colour","shape":[1,1],"datatype":"BYTES","data":["red"]}]}""", "x")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":["tall"]},{"name":"colour","shape":[1,1],"datatype":"BYTES","data":["red"]}]}""", "x")]
    public async Task Infer_BadInput_SaysWhatIsWrong(string body, string expected)
    {
        await using var world = await StartAsync();
        using var answer = await world.Client.PostAsync("/v2/models/tiny/infer", new StringContent(body, null, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"'{expected}'", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!);
    }

    [Fact]
    public async Task Infer_UnseenCategoryAndMissingNumber_IsAnsweredAndReported()
    {
        await using var world = await StartAsync();
        using var answer = await world.InferAsync("r1", null, "purple");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        Assert.Contains("colour=purple", text);
    }

    [Fact]
    public async Task Serve_CorruptNewChampion_KeepsTheOneBeforeAndSaysWhy()
    {
        await using var world = await StartAsync();
        var next = await TinyModel.RegisterAsync(world.Host.Registry, epochs: 2, seed: 5);
        ChampionGateTests.Corrupt(world.Host.Registry.Artifacts.PathOf(next.File(ModelFiles.Onnx).ArtifactId));
        await world.Host.Registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, next.Version, "test", "swap to a damaged one");
        await world.UntilAsync(async () => (string?)(await world.GetAsync("/api/models/tiny"))["problem"] is { } problem && problem.Contains("damaged"));
        Assert.Equal(1, (int)(await world.GetAsync("/api/models/tiny"))["served"]!);
        Assert.Equal(HttpStatusCode.OK, (await world.InferAsync("r1", 1, "red")).StatusCode);
    }

    [Fact]
    public async Task Monitoring_ChampionOnProbationFails_IsRolledBackOnce()
    {
        var folder = TinyModel.NewFolder();
        new MonitoringConfig
        {
            Rules = [new MetricRule { Name = "tiny-accuracy", Model = TinyModel.Name, Below = 0.9, Window = TimeSpan.FromDays(1), For = TimeSpan.Zero, MinimumRows = 5, Actions = ["rollback"] }],
        }.Write(folder);
        await using var world = await StartAsync(folder);
        var next = await TinyModel.RegisterAsync(world.Host.Registry, epochs: 2, seed: 5);
        await world.Host.Registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, next.Version, "test", "swap", forced: true);
        await world.UntilAsync(async () => (int?)(await world.GetAsync("/api/models/tiny"))["served"] == next.Version);
        for (int i = 0; i < 6; i++)
            (await world.InferAsync($"r{i}", 1.5, "red")).EnsureSuccessStatusCode();
        // The model says 1; the truth is said to be 0.
        await world.Client.PostAsJsonAsync("/api/models/tiny/labels", new { labels = Enumerable.Range(0, 6).Select(i => new { id = $"r{i}", value = 0 }) });
        await world.Host.Monitoring.EvaluateAsync(TestContext.Current.CancellationToken);
        await world.Host.Monitoring.EvaluateAsync(TestContext.Current.CancellationToken);
        var history = await world.Host.Registry.HistoryAsync(TinyModel.Name);
        Assert.Equal([1, 2, 1], history.Select(change => change.ToVersion));
        Assert.True(history[^1].IsRollback);
    }

    [Theory]
    [InlineData("2025-03-01", "2025-03-01T00:00:00+00:00")]
    [InlineData("2025-03-01T12:00:00Z", "2025-03-01T12:00:00+00:00")]
    [InlineData("2025-03-01T12:00:00+02:00", "2025-03-01T10:00:00+00:00")]
    public void UtcTime_WithAndWithoutOffset_IsTheSameOnEveryMachine(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), UtcTime.Parse(text).Value);

    [Fact]
    public void UtcTime_NoTime_SaysWhatIsAllowed() =>
        Assert.Contains("2025-03-01T12:00:00Z", Assert.Throws<CommandException>(() => UtcTime.Parse("last month")).Message);

    [Fact]
    public async Task Api_UnknownThings_AreNamed()
    {
        await using var world = await StartAsync();
        foreach (var (path, status, expected) in new[] { ("/api/models/tony", 400, "tiny"), ("/api/runs/nope", 404, "nope"), ("/api/workflows/nope", 404, "nope") })
        {
            using var answer = await world.Client.GetAsync(path);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Contains(expected, await answer.Content.ReadAsStringAsync());
        }
        using var broken = await world.Client.PostAsync("/api/models/tiny/labels", new StringContent("{", null, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    [Fact]
    public async Task ApiKey_Set_IsAskedForEverywhereButHealth()
    {
        await using var world = await StartAsync(key: "secret");
        Assert.Equal(HttpStatusCode.OK, (await world.Client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Client.GetAsync("/api/overview")).StatusCode);
        world.Client.DefaultRequestHeaders.Add("X-Api-Key", "secret");
        Assert.Equal(HttpStatusCode.OK, (await world.Client.GetAsync("/api/overview")).StatusCode);
    }

    [Fact]
    public async Task Scrape_RecordedReports_TellTheLatestOfEachExperiment()
    {
        await using var world = await StartAsync();
        var registry = world.Host.Registry;
        await RecordAsync(registry, "nightly", share: 0.25, ("plan.name.psi", 0.5), ("price.ks", 0.1));
        await RecordAsync(registry, "nightly", share: 0.5, ("price.ks", 0.2));
        await RecordAsync(registry, "say \"hi\"\\", share: 0);
        var lines = await ScrapeAsync(world);
        Assert.Contains("workbench_drift_share{model=\"\",experiment=\"nightly\"} 0.5", lines);
        Assert.Contains("workbench_drift_share{model=\"\",experiment=\"say \\\"hi\\\"\\\\\"} 0", lines);
        Assert.Contains("workbench_drift_statistic{model=\"\",experiment=\"nightly\",column=\"price\",test=\"ks\"} 0.2", lines);
        Assert.DoesNotContain(lines, line => line.Contains("plan.name"));
        Assert.Contains("# TYPE workbench_drift_share gauge", lines);

        // A later report with other columns: those of the one before are gone.
        await RecordAsync(registry, "nightly", share: 0.75, ("plan.name.psi", 0.5));
        lines = await ScrapeAsync(world);
        Assert.Contains("workbench_drift_share{model=\"\",experiment=\"nightly\"} 0.75", lines);
        Assert.Contains("workbench_drift_statistic{model=\"\",experiment=\"nightly\",column=\"plan.name\",test=\"psi\"} 0.5", lines);
        Assert.DoesNotContain(lines, line => line.Contains("column=\"price\""));
    }

    [Fact]
    public async Task Scrape_CheckOfAWatchedModel_TellsIt()
    {
        await using var world = await StartAsync();
        for (int i = 0; i < 40; i++)
            (await world.InferAsync($"r{i.ToString(CultureInfo.InvariantCulture)}", 50 + i, "red")).EnsureSuccessStatusCode();
        var now = DateTimeOffset.UtcNow;
        var (report, _) = await world.Host.Drift.CheckAsync(TinyModel.Name, now.AddDays(-3650), now.AddDays(3650), TestContext.Current.CancellationToken);
        var lines = await ScrapeAsync(world);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"workbench_drift_drifted_columns{{model=\"tiny\",experiment=\"\"}} {report.Drifted.Count}"), lines);
        Assert.Contains("workbench_drift_current_rows{model=\"tiny\",experiment=\"\"} 40", lines);
    }

    // A run as the activity DriftCheck leaves it.
    private static async Task RecordAsync(ModelRegistry registry, string experiment, double share, params (string Name, double Value)[] statistics)
    {
        var run = await registry.StartRunAsync(experiment);
        await registry.LogMetricsAsync(run.Id, new Dictionary<string, double>(statistics.Select(one => KeyValuePair.Create(one.Name, one.Value))) { [DriftRun.Share] = share });
        await registry.SetTagAsync(run.Id, DriftRun.JsonTag, "sha256:0");
        await registry.EndRunAsync(run.Id);
    }

    private static async Task<string[]> ScrapeAsync(World world) => (await world.Client.GetStringAsync("/metrics")).Split('\n');

    private static async Task<World> StartAsync(Workbench.Data.DataFolder? folder = null, string? key = null)
    {
        folder ??= TinyModel.NewFolder();
        var registry = ModelRegistry.Open(folder);
        var first = await TinyModel.RegisterAsync(registry, epochs: 20, seed: 1);
        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, first.Version, "test", "first");
        var host = await WorkbenchHost.StartAsync(new HostSettings
        {
            Folder = folder, Url = "http://127.0.0.1:0", Clock = TimeProvider.System, ApiKey = key, MonitoringInterval = null,
            ChampionInterval = TimeSpan.FromMilliseconds(50), LogLevel = LogLevel.None,
        });
        var world = new World(host, new HttpClient { BaseAddress = new Uri(host.Url) });
        if (key is null)
            await world.UntilAsync(async () => (int?)(await world.GetAsync("/api/models/tiny"))["served"] == 1);
        return world;
    }

    private sealed record World(WorkbenchHost Host, HttpClient Client) : IAsyncDisposable
    {
        public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!;

        public Task<HttpResponseMessage> InferAsync(string id, double? x, string colour) => Client.PostAsJsonAsync("/v2/models/tiny/infer", new
        {
            id,
            inputs = new object[]
            {
                new { name = "x", shape = new[] { 1, 1 }, datatype = "FP32", data = new[] { x } },
                new { name = "colour", shape = new[] { 1, 1 }, datatype = "BYTES", data = new[] { colour } },
            },
        });

        public async Task UntilAsync(Func<Task<bool>> condition)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!await condition())
                await timer.WaitForNextTickAsync(deadline.Token);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Host.DisposeAsync();
        }
    }
}
