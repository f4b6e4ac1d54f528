using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workbench.Host.Tests.Designer;
using static Workbench.Host.Tests.Designer.DesignerHost;

namespace Workbench.Host.Tests.Api;

/// <summary>Triggers through the API and the command line; webhooks come from Python's own hmac, signed as Standard Webhooks 1.0 says.</summary>
public sealed class TriggerEndpointsTests
{
    private const string Python = "/usr/bin/python3";
    private const string Secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    [Fact]
    public async Task Triggers_ListPauseResumeFire_DoWhatTheySay()
    {
        await using var host = await StartAsync();
        await host.SaveAsync(Nightly(), publish: true);

        var listed = (await GetAsync(host, "/api/triggers")).AsArray().Single()!;
        Assert.Equal(("nightly:cron", "nightly", "cron", "'0 2 * * *' in Europe/Berlin", "once", "queue", "minute", false),
            ((string?)listed["id"], (string?)listed["workflow"], (string?)listed["kind"], (string?)listed["when"], (string?)listed["misfire"], (string?)listed["overlap"], (string?)listed["dedupe"], (bool)listed["isPaused"]!));
        Assert.Equal(5, listed["nextFireTimes"]!.AsArray().Count);

        var paused = await PostAsync(host, "/api/triggers/nightly:cron/pause", new { actor = "ada" });
        Assert.Equal((HttpStatusCode.OK, true, "ada", 0), (paused.Status, (bool)paused.Body["isPaused"]!, (string?)paused.Body["pausedBy"], paused.Body["nextFireTimes"]!.AsArray().Count));
        var fired = await PostAsync(host, "/api/triggers/nightly:cron/fire", new { inputs = new { weeks = 3 }, reason = "try it", actor = "bob" });
        var run = await GetAsync(host, $"/api/runs/{(string?)fired.Body["run"]}");
        Assert.Equal(("try it", "bob", "nightly:cron"), ((string?)run["reason"], (string?)run["actor"], (string?)run["triggerId"]));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(host, "/api/triggers/nightly:cron/fire", new { inputs = new { weks = 3 } })).Status);
        Assert.False((bool)(await PostAsync(host, "/api/triggers/nightly:cron/resume", new { })).Body["isPaused"]!);
        Assert.Equal((string?)fired.Body["run"], (string?)(await GetAsync(host, "/api/triggers/nightly:cron"))["lastRunId"]);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/triggers/nightly:cron/fire") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Client.SendAsync(foreign, TestContext.Current.CancellationToken)).StatusCode);
        var unknown = await PostAsync(host, "/api/triggers/nightly:corn/pause", new { });
        Assert.Equal(HttpStatusCode.BadRequest, unknown.Status);
        Assert.Contains("Did you mean 'nightly:cron'?", (string?)unknown.Body["error"]);
    }

    [Fact]
    public async Task CommandLine_ShowsPausesAndFires()
    {
        await using var host = await StartAsync();
        await host.SaveAsync(Nightly(), publish: true);

        Assert.Contains("nightly:cron", (await RunAsync(host, "trigger", "list")).Output);
        Assert.Contains("is paused by", (await RunAsync(host, "trigger", "pause", "nightly:cron")).Output);
        var fired = await RunAsync(host, "trigger", "fire", "nightly:cron", "-p", "weeks=3", "--reason", "by me");
        Assert.Equal(0, fired.Code);
        var shown = await RunAsync(host, "trigger", "show", "nightly:cron");
        Assert.Contains($"last run   {fired.Output.Trim()}", shown.Output);
        Assert.Contains("misfire once, overlap queue, dedupe minute", shown.Output);
        Assert.Contains("starts runs again, next at", (await RunAsync(host, "trigger", "resume", "nightly:cron")).Output);
        Assert.Contains("by me", (await RunAsync(host, "run", "show", fired.Output.Trim())).Output);
        var unknown = await RunAsync(host, "trigger", "show", "nightly:corn");
        Assert.Equal((1, true), (unknown.Code, unknown.Error.Contains("Did you mean 'nightly:cron'?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Publish_WrongTriggers_AreRefusedWithAllFindings()
    {
        await using var host = await StartAsync();
        var model = Model("bad", Activity("start", "Elsa.Start"));
        model["customProperties"] = new JsonObject { ["triggers"] = JsonNode.Parse("""[{"type":"newData","overlap":"wait"},{"type":"webhook","secret":"x"}]""") };
        var (status, body) = await PostAsync(host, "/api/workflows", model);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            [
                "Error: Trigger 'newData': overlap is \"wait\"; allowed are \"queue\", \"skip\" and \"replace\".",
                "Error: Trigger 'newData': path is missing. Give a file, a glob such as data/*.csv, or folders such as data/dt=*/.",
                "Error: Trigger 'webhook': secret stands in the definition, where everyone can read it. Name an environment variable (secretEnv) or a file (secretFile) that holds it.",
                "Error: Trigger 'webhook': Give one of secretEnv, the environment variable of the host that holds the secret, and secretFile, the file that does.",
            ], body["findings"]!.AsArray().Select(finding => (string?)finding));
    }

    [Fact]
    public async Task Webhook_SignedByPython_IsAcceptedOnceAndNothingElseIs()
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed: Debian's package is python3.");
        await using var host = await StartAsync();
        var secret = Path.Combine(host.Folder.Path, "webhook-secret");
        await host.SaveAsync(Webhook(secret), publish: true);

        Assert.Equal(503, await SendAsync(host, "msg_0", Secret)); // No secret yet: nobody is let in.
        Assert.Contains("is not there", (string?)(await GetAsync(host, "/api/triggers/labels:webhook"))["failure"]);
        await File.WriteAllTextAsync(secret, Secret + "\n", TestContext.Current.CancellationToken);
        Assert.Equal(202, await SendAsync(host, "msg_1", Secret));
        Assert.Equal(409, await SendAsync(host, "msg_1", Secret));
        Assert.Equal(401, await SendAsync(host, "msg_2", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        Assert.Equal(401, await SendAsync(host, "msg_3", Secret, secondsAgo: 301));
        Assert.Equal(401, await SendAsync(host, "msg_4", Secret, tamper: true));
        await File.WriteAllTextAsync(secret, $"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n{Secret}", TestContext.Current.CancellationToken); // Both, while the secret is changed.
        Assert.Equal(202, await SendAsync(host, "msg_5", Secret));
        await PostAsync(host, "/api/triggers/labels:webhook/pause", new { });
        Assert.Equal(409, await SendAsync(host, "msg_6", Secret));
        await PostAsync(host, "/api/triggers/labels:webhook/resume", new { });
        Assert.Equal(202, await SendAsync(host, "msg_6", Secret)); // It was not kept, so it is no replay.

        var runs = (await GetAsync(host, "/api/runs")).AsArray();
        Assert.Equal(["webhook message msg_1", "webhook message msg_5", "webhook message msg_6"], runs.Select(run => (string?)run!["reason"]).Order());
        Assert.Equal(7, (int)runs[0]!["payload"]!["body"]!["rows"]!);
        Assert.Equal(404, await SendAsync(host, "msg_7", Secret, trigger: "labels:start"));
    }

    [Fact]
    public async Task HttpEndpoint_Requests_StartAndResumeRuns()
    {
        await using var host = await StartAsync();
        var start = Activity("in", "Elsa.HttpEndpoint", ("path", "orders/{id}"), ("supportedMethods", new JsonArray("POST")));
        await host.SaveAsync(Flow("orders", [start, Activity("wait", "Elsa.HttpEndpoint", ("path", "orders/go"))], ("in", "wait")), publish: true);

        using var posted = await host.Client.PostAsJsonAsync("/workflows/orders/7?full=yes", new { rows = 3 }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        var run = (string)JsonNode.Parse(await posted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["started"]![0]!;
        var payload = (await GetAsync(host, $"/api/runs/{run}"))["payload"]!;
        Assert.Equal(("7", "yes", 3), ((string?)payload["routeData"]!["id"], (string?)payload["queryStringData"]!["full"], (int)payload["parsedContent"]!["rows"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/workflows/none", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Client.GetAsync("/workflows/orders/go", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("Finished", (string?)(await host.UntilFinishedAsync(run))["subStatus"]);
    }

    [Fact]
    public async Task HttpEndpoint_HostWithAKey_LetsInStrangersOnlyWhereTheFlowDoes()
    {
        await using var host = await StartAsync(apiKey: "k");
        host.Client.DefaultRequestHeaders.Add("X-Api-Key", "k");
        await host.SaveAsync(Model("open", Activity("in", "Elsa.HttpEndpoint", ("path", "open"))), publish: true);
        await host.SaveAsync(Model("closed", Activity("in", "Elsa.HttpEndpoint", ("path", "closed"), ("authorize", true))), publish: true);
        using var stranger = new HttpClient { BaseAddress = host.Client.BaseAddress };

        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(stranger, "/workflows/open"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger, "/workflows/closed"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger, "/api/triggers"));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(host.Client, "/workflows/closed"));
        using var webhook = await stranger.PostAsync("/api/triggers/none/webhook", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, webhook.StatusCode);
        // Headers with secrets stay out of what runs keep.
        Assert.DoesNotContain("X-Api-Key", (await GetAsync(host, "/api/runs")).ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Events_Published_StartAndResumeRuns()
    {
        await using var host = await StartAsync();
        await host.SaveAsync(Flow("labels", [Activity("on", "Elsa.Event", ("eventName", "labels")), Activity("more", "Elsa.Event", ("eventName", "more"))], ("on", "more")), publish: true);
        var (status, started) = await host.PostAsync("/events/labels/trigger", new { input = new { rows = 7 }, correlationId = "c1" });
        var run = (string)started!["started"]![0]!;
        Assert.Equal((200, 7), (status, (int)(await GetAsync(host, $"/api/runs/{run}"))["payload"]!["rows"]!));
        Assert.Empty((await host.PostAsync("/events/more/trigger", new { workflowInstanceId = "other" })).Body!["resumed"]!.AsArray());
        Assert.Equal(run, (string?)(await host.PostAsync("/events/more/trigger", new { workflowInstanceId = run })).Body!["resumed"]![0]);
        Assert.Equal("Finished", (string?)(await host.UntilFinishedAsync(run))["subStatus"]);
    }

    private static JsonObject Nightly()
    {
        var cron = Activity("cron", "Elsa.Cron", ("cronExpression", "0 2 * * *"));
        cron["customProperties"] = new JsonObject { ["canStartWorkflow"] = true, ["timeZone"] = "Europe/Berlin" };
        var model = Model("nightly", cron);
        model["inputs"] = new JsonArray(new JsonObject { ["name"] = "weeks", ["type"] = "Int32", ["defaultValue"] = 8 });
        return model;
    }

    private static JsonObject Webhook(string secretFile)
    {
        var model = Model("labels", Activity("start", "Elsa.Start"));
        model["customProperties"] = new JsonObject { ["triggers"] = new JsonArray(new JsonObject { ["type"] = "webhook", ["secretFile"] = secretFile }) };
        return model;
    }

    private static JsonObject Flow(string id, JsonObject[] activities, params (string From, string To)[] edges)
    {
        var model = Model(id, activities);
        model["root"]!["connections"] = new JsonArray([.. edges.Select(edge => (JsonNode)new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = edge.From, ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = edge.To, ["port"] = "In" },
        })]);
        return model;
    }

    /// <summary>Python signs and sends; the answer's status.</summary>
    private static async Task<int> SendAsync(DesignerHost host, string id, string secret, int secondsAgo = 0, bool tamper = false, string trigger = "labels:webhook")
    {
        const string script = """
            import base64, hashlib, hmac, sys, time, urllib.error, urllib.request
            url, id, secret, ago, tamper = sys.argv[1:]
            body = b'{"rows": 7}'
            stamp = str(int(time.time()) - int(ago))
            key = base64.b64decode(secret.removeprefix("whsec_"))
            signature = "v1," + base64.b64encode(hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
            request = urllib.request.Request(url, data=body if tamper == "no" else b'{"rows": 8}', headers={
                "content-type": "application/json", "webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature})
            try:
                print(urllib.request.urlopen(request).status)
            except urllib.error.HTTPError as error:
                print(error.code)
            """;
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", script, $"{host.Client.BaseAddress}api/triggers/{trigger}/webhook", id, secret, $"{secondsAgo}", tamper ? "yes" : "no"])
            start.ArgumentList.Add(argument);
        using var python = Process.Start(start)!;
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return int.TryParse(output, out var status) ? status : throw new InvalidOperationException(await python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(DesignerHost host, params string[] arguments) =>
        WorkbenchProcess.RunAsync(host.Folder.Path, TimeSpan.FromMinutes(1), [.. arguments, "--data", host.Folder.Path]);

    private static async Task<JsonNode> GetAsync(DesignerHost host, string path) => JsonNode.Parse(await host.Client.GetStringAsync(path, TestContext.Current.CancellationToken))!;

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(DesignerHost host, string path, object body)
    {
        using var answer = await host.Client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
