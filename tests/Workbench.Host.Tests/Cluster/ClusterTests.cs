using System.Net;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Workflows;

namespace Workbench.Host.Tests.Cluster;

/// <summary>Several served hosts on PostgreSQL: work spreads, and what one of them was doing is not lost with it.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Kill_OneOfTwoNodesInMidStep_OnlyItsStepsRunAgainOnceMoreOnTheOther()
    {
        await using var hosts = await TwoHosts.StartAsync(hosts =>
        {
            hosts.AllowNap();
            return Task.CompletedTask;
        });
        var run = await hosts.A.StartAsync(Flow("spread", [.. Enumerable.Range(1, 4).Select(index => Nap($"nap{index}"))]));
        // Each node runs two steps at a time, so four at once need both.
        await ServedNode.UntilAsync(() => Task.FromResult(hosts.Naps().Count == 4), () => $"four steps at once, not {string.Join(", ", hosts.Naps())}: {hosts.A.Host.Error}{hosts.B.Host.Error}");
        Assert.Equal(["a", "a", "b", "b"], hosts.Naps().Select(nap => nap.Node).Order());
        var nodes = (await hosts.B.GetAsync("/api/nodes")).AsArray();
        Assert.Equal([("a", "alive", 2), ("b", "alive", 2)], nodes.Select(node => ((string)node!["name"]!, (string)node["state"]!, (int)node["runningSteps"]!)));

        await hosts.A.Host.KillAsync();
        hosts.Release();
        var lost = hosts.Naps().Where(nap => nap.Node == "a").Select(nap => nap.Step).ToHashSet();
        var ended = await hosts.B.UntilFinishedAsync(run);

        Assert.Equal("Finished", (string?)ended["subStatus"]);
        var steps = ended["steps"]!.AsArray().Where(step => ((string)step!["id"]!).StartsWith("nap")).ToList();
        Assert.Equal(4, steps.Count);
        Assert.All(steps, step => Assert.Equal((lost.Contains((string)step!["id"]!) ? 2 : 1, "b"), ((int)step["attempt"]!, (string?)step["node"])));
        Assert.Equal(lost.Order(), hosts.Naps().Skip(4).Select(nap => nap.Step).Order());
        await ServedNode.UntilAsync(async () => (string?)(await hosts.B.GetAsync("/api/nodes")).AsArray().First(node => (string?)node!["name"] == "a")!["state"] == "lost", () => "the killed node to count as lost");
    }

    [Fact]
    public async Task Kill_HostWhileAnApprovalWaits_IsDecidedThroughTheOtherAndGoesOn()
    {
        await using var hosts = await TwoHosts.StartAsync(hosts =>
        {
            hosts.AllowNap();
            hosts.Release();
            return Task.CompletedTask;
        });
        var ask = new JsonObject { ["id"] = "ask", ["type"] = "Workbench.Approve", ["title"] = Literal("String", "Release it?") };
        var run = await hosts.A.StartAsync(Flow("release", [ask, Nap("nap1")], ("ask", "Approved", "nap1")));
        JsonNode? approval = null;
        await ServedNode.UntilAsync(async () => (approval = (await hosts.B.GetAsync("/api/approvals?status=waiting")).AsArray().FirstOrDefault()) is not null, () => "the approval");
        await hosts.A.Host.KillAsync();
        await hosts.B.PostAsync($"/api/approvals/{(string)approval!["id"]!}/decision", new { approve = true, actor = "ada", reason = "good" });
        var ended = await hosts.B.UntilFinishedAsync(run);
        Assert.Equal("Finished", (string?)ended["subStatus"]);
        Assert.Equal([("nap1", "b")], hosts.Naps());
    }

    [Fact]
    public async Task Promote_ThroughOneNode_IsServedByBothAndNoPredictionIsLost()
    {
        await using var hosts = await TwoHosts.StartAsync(async hosts =>
        {
            var registry = ModelRegistry.Open(hosts.Folder);
            await TinyModel.RegisterAsync(registry, epochs: 20, seed: 1);
            await TinyModel.RegisterAsync(registry, epochs: 20, seed: 5);
            await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, 1, "test", "first");
        });
        await UntilServedAsync(hosts.A, 1);
        await UntilServedAsync(hosts.B, 1);
        var promoted = await hosts.A.StartAsync(Flow("promote",
            [new JsonObject { ["id"] = "promote", ["type"] = "Workbench.PromoteModel", ["modelName"] = Literal("String", TinyModel.Name), ["candidate"] = Literal("Object", 2), ["reason"] = Literal("String", "better") }]));
        Assert.Equal("Finished", (string?)(await hosts.A.UntilFinishedAsync(promoted))["subStatus"]);
        await UntilServedAsync(hosts.A, 2);
        await UntilServedAsync(hosts.B, 2);

        await InferAsync(hosts.A, "r1");
        await InferAsync(hosts.B, "r2");
        await hosts.B.Host.KillAsync(); // with its prediction in a segment that it had no time to write as Parquet
        await ServedNode.UntilAsync(async () => (int)(await hosts.A.GetAsync($"/api/models/{TinyModel.Name}/performance?from=2000-01-01&to=2100-01-01"))["predictions"]! == 2, () => "both predictions");
        Assert.Equal(2, (await ModelRegistry.Open(hosts.Folder).HistoryAsync(TinyModel.Name)).Count);
    }

    [Fact]
    public async Task Kill_NodeThatMonitors_AnotherTakesOverWithinSeconds()
    {
        await using var hosts = await TwoHosts.StartAsync();
        await ServedNode.UntilAsync(async () => (await MonitorsAsync(hosts.A)).Count == 1, () => "one node to monitor");
        var leader = (await MonitorsAsync(hosts.A)).Single() == "a" ? hosts.A : hosts.B;
        var other = leader == hosts.A ? hosts.B : hosts.A;
        var killed = TimeProvider.System.GetTimestamp();
        await leader.Host.KillAsync();
        await ServedNode.UntilAsync(async () => (await MonitorsAsync(other)) is [var now] && now == other.Name, () => "the other node to monitor");
        Assert.InRange(TimeProvider.System.GetElapsedTime(killed).TotalSeconds, 0, 15); // 6 s term, looked for every 2 s; the rest is a busy machine's
    }

    [Fact]
    public async Task DatabaseStops_HostIsNotReadyAndGoesOnWhenItIsBack()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        await using var server = await PostgresServer.StartAsync();
        var data = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        var text = server.ConnectionText(await server.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        var (host, url) = await WorkbenchProcess.ServeAsync(data, data, "--db", text, "--node", "alone");
        await using var node = new ServedNode("alone", host, url);
        Assert.Equal(HttpStatusCode.OK, (await node.AskAsync("/health/ready")).Status);

        await server.StopAsync();
        (HttpStatusCode Status, JsonNode Body) answer = default;
        await ServedNode.UntilAsync(async () => (answer = await node.AskAsync("/health/ready")).Status == HttpStatusCode.ServiceUnavailable, () => "503");
        Assert.Equal(HttpStatusCode.OK, (await node.AskAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await node.AskAsync("/api/overview")).Status);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken); // Every service meets the outage at least once.
        Assert.False(host.HasExited, host.Error);
        Assert.Contains("PostgreSQL database", (string?)(await node.AskAsync("/health/ready")).Body["reason"]);

        await server.RestartAsync();
        await ServedNode.UntilAsync(async () => (await node.AskAsync("/health/ready")).Status == HttpStatusCode.OK, () => "200 again");
        var wait = new JsonObject { ["id"] = "wait", ["type"] = "Elsa.Delay", ["timeSpan"] = Literal("TimeSpan", "00:00:00.1") };
        Assert.Equal("Finished", (string?)(await node.UntilFinishedAsync(await node.StartAsync(Flow("after", [wait]))))["subStatus"]);
    }

    private static async Task<IReadOnlyList<string>> MonitorsAsync(ServedNode node) =>
        [.. (await node.GetAsync("/api/nodes")).AsArray().Where(one => one!["duties"]!.AsArray().Count > 0).Select(one => (string)one!["name"]!)];

    private static Task UntilServedAsync(ServedNode node, int version) =>
        ServedNode.UntilAsync(async () => (int?)(await node.GetAsync($"/api/models/{TinyModel.Name}"))["served"] == version, () => $"node {node.Name} to serve v{version}");

    private static Task<JsonNode> InferAsync(ServedNode node, string id) => node.PostAsync($"/v2/models/{TinyModel.Name}/infer", new
    {
        id,
        inputs = new object[]
        {
            new { name = "x", shape = new[] { 1, 1 }, datatype = "FP32", data = new[] { 1.5 } },
            new { name = "colour", shape = new[] { 1, 1 }, datatype = "BYTES", data = new[] { "red" } },
        },
    });

    private static JsonObject Nap(string id) => new() { ["id"] = id, ["type"] = "Workbench.RunCommand", ["command"] = Literal("String", "nap") };

    private static JsonObject Literal(string type, JsonNode value) => new() { ["typeName"] = type, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    /// <summary>A start, from which every activity without an edge of its own follows at once.</summary>
    private static JsonObject Flow(string id, JsonObject[] activities, params (string From, string Port, string To)[] edges)
    {
        var first = activities.Select(activity => (string)activity["id"]!).Where(activity => edges.All(edge => edge.To != activity)).Select(activity => ("start", "Done", activity));
        return new()
        {
            ["definitionId"] = id, ["name"] = id,
            ["root"] = new JsonObject
            {
                ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart",
                ["activities"] = new JsonArray([new JsonObject { ["id"] = "start", ["type"] = "Elsa.Start" }, .. activities]),
                ["connections"] = new JsonArray([.. first.Concat(edges).Select(edge => (JsonNode)new JsonObject
                {
                    ["source"] = new JsonObject { ["activity"] = edge.Item1, ["port"] = edge.Item2 }, ["target"] = new JsonObject { ["activity"] = edge.Item3, ["port"] = "In" },
                })]),
            },
        };
    }
}
