using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Workbench.Data;

namespace Workbench.Host.Tests;

/// <summary>What is done about runs, through the API of a host and through the real executable on the same data folder.</summary>
public sealed class RunCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DataFolder _folder = TinyModel.NewFolder();
    private WorkbenchHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "commands.json"), """{"commands":[{"name":"say","program":"/bin/echo","takesArguments":true}]}""");
        await StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Move_WaitingRuns_GoOnWithTheMendedVersion()
    {
        await PublishAsync(Flow("old"));
        var (one, two, three) = (await StartAsync("flow"), await StartAsync("flow"), await StartAsync("flow"));
        await PublishAsync(Flow("new"));
        await PublishAsync(Flow("new", start: "begin")); // Another first activity: the runs do not fit.

        var moved = await WorkbenchAsync("move", one, "--version", "2");
        Assert.Equal((0, $"Run {one} goes on with v2; it had v1."), (moved.Code, moved.Output.Trim()));
        var refused = await WorkbenchAsync("move", two, "--version", "3");
        Assert.Equal(1, refused.Code);
        Assert.Contains("'start' (start), which is Completed in the run, is missing.", refused.Error);
        Assert.Equal(2, (await WorkbenchAsync("move", two)).Code); // Which version?
        using var answer = await _client.PostAsJsonAsync($"/api/runs/{two}/move", new { version = 2, actor = "ann" });
        Assert.Equal($$"""{"id":"{{two}}","from":1,"to":2}""", await answer.Content.ReadAsStringAsync());
        using var again = await _client.PostAsJsonAsync($"/api/runs/{two}/move", new { version = 2 });
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        var all = await WorkbenchAsync("move", "flow", "--version", "2", "--all");
        Assert.Equal(0, all.Code);
        Assert.Contains(three, all.Output);
        Assert.DoesNotContain(one, all.Output); // It has the version already.
        var none = JsonNode.Parse(await (await _client.PostAsJsonAsync("/api/workflows/flow/move-runs", new { version = 3 })).Content.ReadAsStringAsync())!;
        Assert.Equal((0, 3), (none["moved"]!.AsArray().Count, none["refused"]!.AsArray().Count));
        Assert.Equal(1, (await WorkbenchAsync("move", "flow", "--version", "3", "--all")).Code);

        foreach (var run in new[] { one, two, three })
        {
            Assert.Contains("moved the run from version 1 to version 2", (await _client.GetStringAsync($"/api/runs/{run}")));
            Assert.Equal("new", (string?)(await UntilEndAsync(run, "go"))["steps"]!.AsArray()[^1]!["outputs"]!["output"]);
        }
    }

    [Fact]
    public async Task Search_Logs_FindsLinesOfAllRuns()
    {
        await PublishAsync(Flow("Disk is FULL 100%"));
        await PublishAsync(Flow("all is well", id: "other"));
        var (bad, good) = (await StartAsync("flow"), await StartAsync("other"));
        await UntilEndAsync(bad, "go");
        await UntilEndAsync(good, "go");

        var found = JsonNode.Parse(await _client.GetStringAsync("/api/logs/search?text=full%20100%25&since=2020-01-01"))!.AsArray();
        // What the program printed, and what the step says at its end.
        Assert.Equal(2, found.Count);
        Assert.All(found, line => Assert.Equal((bad, "flow", "say", "Disk is FULL 100%"), ((string?)line!["runId"], (string?)line["definitionId"], (string?)line["stepId"], (string?)line["line"])));
        Assert.Empty(JsonNode.Parse(await _client.GetStringAsync("/api/logs/search?text=is&since=2100-01-01"))!.AsArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/api/logs/search")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/api/logs/search?text=is&since=soon")).StatusCode);

        var lines = await WorkbenchAsync("logs", "--search", "IS ", "--workflow", "flow", "--since", "1h");
        Assert.Matches($"^({bad} say#1 [0-9: -]+Z: Disk is FULL 100%\n){{2}}$", lines.Output.Replace("\r", ""));
        Assert.Contains(good, (await WorkbenchAsync("logs", good, "--search", "is")).Output);
        var nothing = await WorkbenchAsync("logs", "--search", "no such text");
        Assert.Equal((0, "", "No line holds it."), (nothing.Code, nothing.Output, nothing.Error.Trim()));
        Assert.Equal((2, 2, 1), ((await WorkbenchAsync("logs", bad)).Code, (await WorkbenchAsync("logs", bad, "say", "--since", "1h")).Code, (await WorkbenchAsync("logs", "--search", "x", "--since", "soon")).Code));
        Assert.Contains("Disk is FULL 100%", (await WorkbenchAsync("logs", bad, "say")).Output);
    }

    [Fact]
    public async Task Notify_NamedChannel_IsSentByTheHostOnce()
    {
        using var sink = new TcpListener(IPAddress.Loopback, 0);
        sink.Start();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "monitoring.json"), $$"""{ "channels": [ { "name": "team", "kind": "slack", "url": "http://{{sink.LocalEndpoint}}/hook" } ] }""");
        await RestartAsync();
        var notify = Activity("notify", "Workbench.Notify", ("channels", new JsonArray("team", "file")), ("text", JavaScript("`run ${getWorkflowInstanceId()} of ${getInput('who')}`")), ("subject", "Trained"));
        var unknown = Activity("unknown", "Workbench.Notify", ("channels", new JsonArray("tema")), ("subject", "Trained"));
        await PublishAsync(Definition("says", [notify], "", inputs: new JsonArray(new JsonObject { ["name"] = "who", ["type"] = "String", ["defaultValue"] = "ann" })));
        await PublishAsync(Definition("wrong", [unknown], ""));
        var (run, wrong) = (await StartAsync("says"), await StartAsync("wrong"));
        Assert.Equal("Finished", (string?)(await UntilEndAsync(run))["subStatus"]);
        var failed = await UntilEndAsync(wrong);

        var receiving = ReceiveAsync(sink);
        await _host.Monitoring.EvaluateAsync(TestContext.Current.CancellationToken);
        await _host.Monitoring.EvaluateAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"*Trained*\nrun {run} of ann\n_says, run {run}_", (string?)JsonNode.Parse(await receiving.WaitAsync(Limit))!["text"]);
        Assert.False(sink.Pending()); // Once.
        Assert.Contains("Unknown channel 'tema'. Did you mean 'team'? Known: file, team.", (string?)failed["error"]);
        var message = JsonNode.Parse(await _client.GetStringAsync("/api/messages"))!.AsArray().Single()!;
        Assert.Equal(("Trained", "says", 2), ((string?)message["subject"], (string?)message["source"], message["channels"]!.AsArray().Count(channel => (int)channel!["attempts"]! == 1 && channel["error"] is null)));
    }

    private static async Task<string> ReceiveAsync(TcpListener sink)
    {
        using var client = await sink.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        var (length, isChunked) = (0, false);
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.Split(':')[1]);
            isChunked |= header.Contains("chunked", StringComparison.OrdinalIgnoreCase);
        }
        if (isChunked)
            length = Convert.ToInt32((await reader.ReadLineAsync())!, 16);
        var body = new char[length];
        await reader.ReadBlockAsync(body);
        await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray());
        return new string(body);
    }

    private static JsonObject Flow(string text, string id = "flow", string start = "start") => Definition(id,
        [Activity(start, "Elsa.Start"), Activity("wait", "Elsa.Event", ("eventName", "go")), Activity("say", "Workbench.RunCommand", ("command", "say"), ("arguments", new JsonArray(text)))],
        $"{start} wait say");

    private static JsonObject Activity(string id, string type, params (string Name, JsonNode Value)[] inputs)
    {
        var activity = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in inputs)
            activity[name] = new JsonObject
            {
                ["typeName"] = value is JsonArray ? "Object" : "String",
                ["expression"] = value is JsonObject expression ? expression : new JsonObject { ["type"] = value is JsonArray ? "Object" : "Literal", ["value"] = value },
            };
        return activity;
    }

    private static JsonObject JavaScript(string script) => new() { ["type"] = "JavaScript", ["value"] = script };

    private static JsonObject Definition(string id, JsonObject[] activities, string chain, JsonArray? inputs = null)
    {
        var names = chain.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new()
        {
            ["definitionId"] = id, ["name"] = id, ["inputs"] = inputs,
            ["root"] = new JsonObject
            {
                ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["activities"] = new JsonArray([.. activities]),
                ["connections"] = new JsonArray([.. names.Zip(names.Skip(1), (from, to) => (JsonNode)new JsonObject
                {
                    ["source"] = new JsonObject { ["activity"] = from, ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
                })]),
            },
        };
    }

    private async Task PublishAsync(JsonObject definition)
    {
        using var answer = await _client.PostAsJsonAsync("/api/workflows", definition);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> StartAsync(string workflow)
    {
        using var answer = await _client.PostAsJsonAsync($"/api/workflows/{workflow}/runs", new { reason = "test" });
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
    }

    /// <summary>Publishes the event that runs wait for, if any, and waits for the end of the run.</summary>
    private async Task<JsonNode> UntilEndAsync(string run, string? name = null)
    {
        if (name is not null)
            await (await Installation.OpenAsync(_folder)).Engine.PublishEventAsync(name);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var state = JsonNode.Parse(await _client.GetStringAsync($"/api/runs/{run}"))!;
            if ((string?)state["status"] == "Finished")
                return state;
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task RestartAsync()
    {
        await DisposeAsync();
        await StartHostAsync();
    }

    private async Task StartHostAsync()
    {
        _host = await WorkbenchHost.StartAsync(new HostSettings { Folder = _folder, Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.None });
        _client = new HttpClient { BaseAddress = new Uri(_host.Url) };
    }

    private Task<(int Code, string Output, string Error)> WorkbenchAsync(params string[] arguments) =>
        WorkbenchProcess.RunAsync(_folder.Path, Limit, ["run", .. arguments, "--data", _folder.Path]);
}
