using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Workbench.Data;

namespace Workbench.Host.Tests.Designer;

/// <summary>A host in this process, spoken to as Elsa's client does (Elsa.Api.Client 3.8: paths, names and shapes).</summary>
internal sealed class DesignerHost : IAsyncDisposable
{
    private readonly WorkbenchHost _host;

    private DesignerHost(WorkbenchHost host) => (_host, Client) = (host, new HttpClient { BaseAddress = new Uri(host.Url) });

    public HttpClient Client { get; }
    public DataFolder Folder => _host.Settings.Folder;

    public static async Task<DesignerHost> StartAsync(string? studioFolder = null, string? apiKey = null) => new(await WorkbenchHost.StartAsync(new HostSettings
    {
        Folder = TinyModel.NewFolder(), Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.None, StudioFolder = studioFolder, ApiKey = apiKey,
    }));

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync("/elsa/api" + path))!;

    /// <summary>Posts and returns status and body.</summary>
    public async Task<(int Status, JsonNode? Body)> PostAsync(string path, object body)
    {
        using var answer = await Client.PostAsJsonAsync("/elsa/api" + path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    /// <summary>Saves a definition and returns it.</summary>
    public async Task<JsonObject> SaveAsync(JsonObject model, bool publish = false)
    {
        var (status, body) = await PostAsync("/workflow-definitions", new { model, publish });
        Assert.True(status == 200, body?.ToJsonString());
        return body!["workflowDefinition"]!.AsObject();
    }

    public async Task<JsonNode> UntilFinishedAsync(string runId)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((string?)(await GetAsync($"/workflow-instances/{runId}/execution-state"))["status"] != "Finished")
            await timer.WaitForNextTickAsync(deadline.Token);
        return await GetAsync($"/workflow-instances/{runId}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }

    public static JsonObject Model(string id, params JsonObject[] activities) => new()
    {
        ["definitionId"] = id, ["name"] = id,
        ["root"] = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["activities"] = new JsonArray([.. activities]), ["connections"] = new JsonArray() },
    };

    public static JsonObject Activity(string id, string type, params (string Name, JsonNode? Value)[] inputs)
    {
        var activity = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in inputs)
            activity[name] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };
        return activity;
    }
}
