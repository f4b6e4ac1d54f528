using System.Net;
using System.Text.Json.Nodes;
using static Workbench.Host.Tests.Designer.DesignerHost;

namespace Workbench.Host.Tests.Designer;

public sealed class DefinitionEndpointsTests
{
    // What Studio 3.8.2 sends for a new workflow: a root without activities, connections or variables, and nulls.
    private const string BareModel = """
        {"definitionId":null,"name":"Workflow 1","description":null,"toolVersion":"3.8.0.0","variables":null,"inputs":null,"outputs":null,"outcomes":null,"customProperties":null,
         "options":null,"root":{"id":"29baaa72520daddd","type":"Elsa.Flowchart","version":1,"name":"Flowchart1"},"links":null,"createdAt":"0001-01-01T00:00:00+00:00","version":1,"id":null}
        """;

    [Fact]
    public async Task Save_BareRoot_IsKeptAndEditable()
    {
        await using var host = await StartAsync();
        var saved = await host.SaveAsync(JsonNode.Parse(BareModel)!.AsObject());
        Assert.Equal(1, (int)saved["version"]!);
        Assert.False((bool)saved["isPublished"]!);
        Assert.Equal("Workflow1:29baaa72520daddd", (string?)saved["root"]!["nodeId"]);
        Assert.Empty(saved["root"]!["activities"]!.AsArray());
        Assert.Empty(saved["variables"]!.AsArray());
        // The client lets a definition be edited only when a link with this relation is there.
        Assert.Contains(saved["links"]!.AsArray(), link => (string?)link!["rel"] == "publish");
        var read = await host.GetAsync($"/workflow-definitions/by-definition-id/{saved["definitionId"]}?versionOptions=Latest");
        Assert.True(JsonNode.DeepEquals(saved, read));
    }

    [Fact]
    public async Task Save_EditedLiterals_BecomeWhatTheirInputTakes()
    {
        await using var host = await StartAsync();
        var activity = Activity("e", "Workbench.Evaluate", ("atLeast", "0.75"), ("beyondChance", "True"), ("candidate", "3"), ("threshold", "half"));
        activity["modelName"] = JsonNode.Parse("""{"typeName":"String","expression":{"type":"Variable","value":"{\"id\":\"v\",\"name\":\"model\"}"}}""");
        var saved = (await host.SaveAsync(Model("typed", activity)))["root"]!["activities"]![0]!;
        Assert.Equal("""{"type":"Literal","value":0.75}""", saved["atLeast"]!["expression"]!.ToJsonString());
        Assert.Equal("""{"type":"Literal","value":true}""", saved["beyondChance"]!["expression"]!.ToJsonString());
        Assert.Equal("""{"type":"Variable","value":{"id":"v","name":"model"}}""", saved["modelName"]!["expression"]!.ToJsonString());
        // What does not fit stays as it was written, and is named when it is published.
        Assert.Equal("half", (string?)saved["threshold"]!["expression"]!["value"]);
        // A default that the definition did not say is said.
        Assert.Equal("Accuracy", (string?)saved["metric"]!["expression"]!["value"]);
        Assert.Equal("Workflow1:Flowchart1:e", (string?)saved["nodeId"]);
    }

    [Fact]
    public async Task Publish_WithErrors_ListsAllOfThemAsProblemDetails()
    {
        await using var host = await StartAsync();
        var model = Model("wrong",
            Activity("cron", "Elsa.Cron", ("cronExpression", "99 99 * * *")), Activity("evaluate", "Workbench.Evaluate", ("modelName", "m"), ("candidate", "1"), ("atLeast", "7"), ("metric", "Acuracy")),
            Activity("what", "Workbench.Nothing"));
        using var answer = await host.Client.PostAsync("/elsa/api/workflow-definitions", new StringContent(new JsonObject { ["model"] = model, ["publish"] = true }.ToJsonString(), null, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var errors = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsObject();
        Assert.Contains("99 99 * * *", errors["cron"]!.ToJsonString());
        var evaluate = string.Join(" ", errors["evaluate"]!.AsArray().Select(message => (string?)message));
        Assert.Contains("7 is out of range", evaluate);
        Assert.Contains("Acuracy", evaluate);
        Assert.Contains("Workbench.Nothing", errors["what"]!.ToJsonString());
        // Refused: not even as a draft.
        Assert.Empty((await host.GetAsync("/workflow-definitions?versionOptions=Latest"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Versions_PublishEditRevertRetractDelete_FollowOneAnother()
    {
        await using var host = await StartAsync();
        var first = await host.SaveAsync(Model("life", Activity("a", "Elsa.Start")), publish: true);
        var draft = await host.SaveAsync(Model("life", Activity("b", "Elsa.Start")));
        Assert.Equal((1, 2), ((int)first["version"]!, (int)draft["version"]!));
        Assert.Equal("a", (string?)(await host.GetAsync("/workflow-definitions/by-definition-id/life?versionOptions=Published"))["root"]!["activities"]![0]!["id"]);
        Assert.Equal("b", (string?)(await host.GetAsync("/workflow-definitions/by-definition-id/life?versionOptions=Latest"))["root"]!["activities"]![0]!["id"]);

        var (_, published) = await host.PostAsync("/workflow-definitions/life/publish", new { });
        Assert.True((bool)published!["workflowDefinition"]!["isPublished"]!);
        Assert.False((bool)published["alreadyPublished"]!);
        Assert.True((bool)(await host.PostAsync("/workflow-definitions/life/publish", new { })).Body!["alreadyPublished"]!);

        var (_, reverted) = await host.PostAsync("/workflow-definitions/life/revert/1", new { });
        Assert.Equal(3, (int)reverted!["version"]!);
        Assert.Equal("a", (string?)(await host.GetAsync("/workflow-definitions/by-definition-id/life?versionOptions=3"))["root"]!["activities"]![0]!["id"]);
        var (_, retracted) = await host.PostAsync("/workflow-definitions/life/retract", new { });
        Assert.Equal((2, false), ((int)retracted!["version"]!, (bool)retracted["isPublished"]!));

        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.DeleteAsync($"/elsa/api/workflow-definition-versions/{reverted["id"]}")).StatusCode);
        var left = (await host.GetAsync("/workflow-definitions?versionOptions=AllVersions&DefinitionIds=life&OrderBy=Version"))["items"]!.AsArray();
        Assert.Equal([(1, false), (2, true)], left.Select(one => ((int)one!["version"]!, (bool)one["isLatest"]!)));
        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.DeleteAsync("/elsa/api/workflow-definitions/life")).StatusCode);
        Assert.Equal(0, (int)(await host.GetAsync("/workflow-definitions/query/count"))["count"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.DeleteAsync("/elsa/api/workflow-definitions/life")).StatusCode);
    }

    [Fact]
    public async Task List_PagesSearchesSortsAndFilters()
    {
        await using var host = await StartAsync();
        foreach (var id in new[] { "beta", "alpha", "gamma_1", "gammaX1" })
            await host.SaveAsync(Model(id, Activity("a", "Elsa.Start")), publish: id == "beta");
        async Task<(int Total, string Ids)> ListAsync(string query)
        {
            var page = await host.GetAsync("/workflow-definitions?" + query);
            return ((int)page["totalCount"]!, string.Join(",", page["items"]!.AsArray().Select(one => (string?)one!["definitionId"])));
        }
        // Empty text is absent, as Studio sends it.
        Assert.Equal((4, "alpha,beta,gamma_1,gammaX1"), await ListAsync("versionOptions=Latest&Page=0&PageSize=10&SearchTerm=&OrderBy=Name&OrderDirection=Ascending"));
        Assert.Equal((4, "gamma_1,gammaX1"), await ListAsync("versionOptions=Latest&Page=1&PageSize=2&OrderBy=Name&OrderDirection=Ascending"));
        Assert.Equal((4, "gammaX1,gamma_1"), await ListAsync("versionOptions=Latest&Page=0&PageSize=2&OrderBy=Name&OrderDirection=Descending"));
        // An underscore is no wildcard.
        Assert.Equal((1, "gamma_1"), await ListAsync("versionOptions=Latest&SearchTerm=MA_"));
        Assert.Equal((1, "beta"), await ListAsync("versionOptions=Published"));
        Assert.Equal((2, "alpha,beta"), await ListAsync("versionOptions=Latest&DefinitionIds=alpha&DefinitionIds=beta&OrderBy=Name&OrderDirection=Ascending"));
        var version = (string?)(await host.GetAsync("/workflow-definitions/by-definition-id/alpha"))["id"];
        Assert.Equal((1, "alpha"), await ListAsync($"versionOptions=&Ids={version}"));
        Assert.Equal("alpha", (string?)(await host.GetAsync($"/workflow-definitions/many-by-id?ids={version}"))["items"]![0]!["definitionId"]);
        Assert.False((bool)(await host.GetAsync("/workflow-definitions/validation/is-name-unique?name=alpha"))["isUnique"]!);
        Assert.True((bool)(await host.GetAsync("/workflow-definitions/validation/is-name-unique?name=alpha&definitionId=alpha"))["isUnique"]!);
        using var wrong = await host.Client.GetAsync("/elsa/api/workflow-definitions?versionOptions=Newest");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("LatestOrPublished", await wrong.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task BulkActions_OnKnownAndUnknown_SayWhatBecameOfEach()
    {
        await using var host = await StartAsync();
        await host.SaveAsync(Model("good", Activity("a", "Elsa.Start")));
        await host.SaveAsync(Model("bad", Activity("a", "Workbench.Nothing")));
        var (_, published) = await host.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", new { definitionIds = new[] { "good", "bad", "none" } });
        Assert.Equal(["good"], published!["published"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(["none"], published["notFound"]!.AsArray().Select(id => (string?)id));
        Assert.Contains("Workbench.Nothing", published["refused"]!["bad"]!.ToJsonString());
        var (_, retracted) = await host.PostAsync("/bulk-actions/retract/workflow-definitions/by-definition-ids", new { definitionIds = new[] { "good", "bad" } });
        Assert.Equal(("good", "bad"), ((string?)retracted!["retracted"]![0], (string?)retracted["alreadyRetracted"]![0]));
        var (_, deleted) = await host.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", new { definitionIds = new[] { "good", "bad", "none" } });
        Assert.Equal(2, (int)deleted!["deleted"]!);
    }

    [Theory]
    [InlineData("POST", "/workflow-definitions", "{", 400, "JSON")]
    [InlineData("POST", "/workflow-definitions", "{}", 400, "model")]
    [InlineData("POST", "/workflow-definitions", """{"model":{"root":{"activities":"many"}}}""", 400, "root.activities")]
    [InlineData("POST", "/workflow-definitions", """{"model":{"name":"x","root":{"type":"Elsa.Sequence"}}}""", 400, "Elsa.Sequence")]
    [InlineData("POST", "/workflow-definitions/none/publish", "{}", 404, "none")]
    [InlineData("POST", "/workflow-definitions/none/execute", "{}", 404, "none")]
    [InlineData("GET", "/workflow-instances/none", "", 404, "none")]
    [InlineData("GET", "/no/such/thing", "", 404, "/no/such/thing")]
    public async Task BadRequest_IsAnsweredWithProblemDetails(string method, string path, string body, int status, string expected)
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/elsa/api" + path);
        if (method == "POST")
            request.Content = new StringContent(body, null, "application/json");
        using var answer = await host.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Request_FromAnotherSite_IsRefused()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/elsa/api/workflow-definitions/x/execute");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        // A form of another site cannot send JSON without asking first.
        using var form = await host.Client.PostAsync("/elsa/api/workflow-definitions", new StringContent("{}", null, "text/plain"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
    }
}
