using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Npgsql;
using Workbench.Host.Tests.Cluster;

namespace Workbench.Host.Tests.Scheduling;

/// <summary>Served hosts, each a process of its own, on the system's clock: what they start by themselves, and how often.</summary>
public sealed class WorkflowSchedulesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // The clock ticks every four seconds; the host is down for at least four of them.
    [Fact]
    public async Task Kill_HostMissesSeveralMoments_TheNextHostCatchesUpOnce()
    {
        var project = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        var data = Path.Combine(project, "data");
        var (first, url) = await WorkbenchProcess.ServeAsync(project, data);
        DateTimeOffset killed;
        await using (first)
        {
            using var client = new HttpClient { BaseAddress = url };
            (await client.PostAsJsonAsync("/api/workflows", Ticking("*/4 * * * * *"))).EnsureSuccessStatusCode();
            await UntilAsync(async () => (await MomentsAsync(client)).Count >= 2, "two runs", first);
            Assert.Equal(1, WakeUps(data));
            killed = TimeProvider.System.GetUtcNow();
            await first.KillAsync();
        }
        await Task.Delay(TimeSpan.FromSeconds(18), TestContext.Current.CancellationToken);

        var back = TimeProvider.System.GetUtcNow();
        var (second, nextUrl) = await WorkbenchProcess.ServeAsync(project, data);
        await using (second)
        {
            using var client = new HttpClient { BaseAddress = nextUrl };
            List<(DateTimeOffset Moment, int Missed)> moments = [];
            await UntilAsync(async () => (moments = await MomentsAsync(client)).Count(one => one.Moment > killed) >= 2, "the catch-up and a run after it", second);
            // One run stands for all that passed in the meantime, and says for how many.
            Assert.InRange(moments.First(one => one.Moment > killed).Missed, 3, 60);
            Assert.InRange(moments.Count(one => one.Moment > killed && one.Moment <= back), 0, 1);
            AssertNothingLostNorTwice(moments, seconds: 4);
            Assert.Equal(moments.Sum(one => one.Missed), (int)(await TriggerAsync(client))["skippedCount"]!);
        }
    }

    [Fact]
    public async Task Drop_FileInAFolder_StartsExactlyOneRun()
    {
        var project = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        Directory.CreateDirectory(Path.Combine(project, "incoming"));
        var (host, url) = await WorkbenchProcess.ServeAsync(project, Path.Combine(project, "data"));
        await using (host)
        {
            using var client = new HttpClient { BaseAddress = url };
            var flow = Flow("intake", new JsonObject { ["id"] = "start", ["type"] = "Elsa.Start", ["version"] = 1 });
            flow["customProperties"] = new JsonObject { ["triggers"] = JsonNode.Parse("""[{"type":"newData","path":"incoming/*.csv","stable":"00:00:03"}]""") };
            (await client.PostAsJsonAsync("/api/workflows", flow)).EnsureSuccessStatusCode();
            await File.WriteAllTextAsync(Path.Combine(project, "incoming/rows.csv"), "id\n1\n", TestContext.Current.CancellationToken);
            await UntilAsync(async () => (await RunsAsync(client)).Count > 0, "the run", host);
            await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
            var run = Assert.Single(await RunsAsync(client))!;
            Assert.Equal("incoming/rows.csv", (string?)run["payload"]!["files"]![0]);
            await File.AppendAllTextAsync(Path.Combine(project, "incoming/rows.csv"), "2\n", TestContext.Current.CancellationToken);
            await UntilAsync(async () => (await RunsAsync(client)).Count > 1, "the run for the change", host);
            await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
            Assert.Equal(2, (await RunsAsync(client)).Count);
        }
    }

    [Fact]
    public async Task Serve_TwoHostsOnPostgreSql_StartEachMomentOnceAndGoOnWhenOneIsKilled()
    {
        await using var hosts = await TwoHosts.StartAsync();
        await hosts.A.PostAsync("/api/workflows", Ticking("*/2 * * * * *"));
        await ServedNode.UntilAsync(async () => (await MomentsAsync(hosts.B)).Count >= 5, () => "five runs");
        Assert.Equal(2, await CountAsync(hosts.Database, "select count(*) from qrtz_scheduler_state"));
        await hosts.A.Host.KillAsync();
        var before = (await MomentsAsync(hosts.B)).Count;
        await ServedNode.UntilAsync(async () => (await MomentsAsync(hosts.B)).Count >= before + 4, () => "four more runs");
        var moments = await MomentsAsync(hosts.B);
        AssertNothingLostNorTwice(moments, seconds: 2);
    }

    /// <summary>Every moment has a run of its own or is counted by the run that stands for it.</summary>
    private static void AssertNothingLostNorTwice(List<(DateTimeOffset Moment, int Missed)> moments, int seconds)
    {
        Assert.Equal(moments.Select(one => one.Moment).Distinct(), moments.Select(one => one.Moment));
        Assert.Equal((moments[^1].Moment - moments[0].Moment).TotalSeconds / seconds + 1, moments.Count + moments.Skip(1).Sum(one => one.Missed));
    }

    private static long WakeUps(string data)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(data, "workbench.db")};Mode=ReadOnly");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "select count(*) from QRTZ_TRIGGERS where TRIGGER_NAME = 'ticking:cron'";
        return (long)command.ExecuteScalar()!;
    }

    private static async Task<long> CountAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task<JsonArray> RunsAsync(HttpClient client) => JsonNode.Parse(await client.GetStringAsync("/api/runs?take=500"))!.AsArray();

    private static async Task<JsonNode> TriggerAsync(HttpClient client) => JsonNode.Parse(await client.GetStringAsync("/api/triggers/ticking:cron"))!;

    private static async Task<List<(DateTimeOffset Moment, int Missed)>> MomentsAsync(HttpClient client) => Moments(await RunsAsync(client));

    private static async Task<List<(DateTimeOffset Moment, int Missed)>> MomentsAsync(ServedNode node) => Moments((await node.GetAsync("/api/runs?take=500")).AsArray());

    private static List<(DateTimeOffset Moment, int Missed)> Moments(JsonArray runs) =>
        [.. runs.Select(run => ((DateTimeOffset)run!["payload"]!["scheduledAt"]!, (int)run["payload"]!["missed"]!)).OrderBy(one => one.Item1)];

    private static JsonObject Ticking(string cron) => Flow("ticking", new JsonObject
    {
        ["id"] = "cron", ["type"] = "Elsa.Cron", ["version"] = 1, ["customProperties"] = new JsonObject { ["canStartWorkflow"] = true },
        ["cronExpression"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = cron } },
    });

    private static JsonObject Flow(string id, JsonObject activity) => new()
    {
        ["definitionId"] = id, ["name"] = id,
        ["root"] = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(activity), ["connections"] = new JsonArray() },
    };

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, WorkbenchProcess host)
    {
        using var deadline = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited in vain for {what}. {host.Error}");
            await timer.WaitForNextTickAsync();
        }
    }
}
