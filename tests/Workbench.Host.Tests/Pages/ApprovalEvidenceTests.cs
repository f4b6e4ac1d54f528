using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Workbench.Host.Activities;
using Workbench.Host.Pages.Approvals;
using Workbench.Host.Pages.Runs;
using Workbench.Registry;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Tests.Pages;

/// <summary>A real gate in a real run; the figures come from the registry.</summary>
public sealed class ApprovalEvidenceTests
{
    [Fact]
    public async Task Read_AfterAGate_ShowsTheCandidateAgainstTheChampion()
    {
        var settings = new HostSettings { Folder = TinyModel.NewFolder(), Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.None };
        var registry = ModelRegistry.Open(settings.Folder);
        var champion = await TinyModel.RegisterAsync(registry, epochs: 20, seed: 1);
        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, champion.Version, "test", "first");
        await TinyModel.RegisterAsync(registry, epochs: 1, seed: 5);
        await using var host = await WorkbenchHost.StartAsync(settings);
        var installation = await Installation.OpenAsync(settings.Folder);
        await installation.Engine.PublishAsync(WorkflowDefinition.Parse(Definition()));
        var run = await installation.Engine.StartRunAsync("judge", null, new StartRequest("test", "test"));

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        IReadOnlyList<Approval> waiting = [];
        while (waiting.Count == 0)
        {
            await Task.Delay(100, deadline.Token);
            waiting = await installation.Workflows.ListApprovalsAsync(new() { RunId = run }, deadline.Token);
        }
        await File.WriteAllTextAsync(Path.Combine(settings.Folder.Reports, "read-me.html"), "<p>", deadline.Token);
        var evidence = await new ApprovalEvidence(installation.Workflows, registry, new NotebookReports(settings)).ReadAsync(waiting[0], deadline.Token);

        Assert.Equal((TinyModel.Name, 2, 1), (evidence.Comparison!.Model, evidence.Comparison.Candidate, evidence.Comparison.Champion));
        Assert.Equal((2, 1), (evidence.Gate!.Candidate, evidence.Gate.Champion));
        Assert.Equal("reports/read-me.html", evidence.Readings[0].Address);
        var page = await new HttpClient { BaseAddress = new Uri(host.Url) }.GetStringAsync($"/approvals/{waiting[0].Id}", deadline.Token);
        Assert.Contains("v2, candidate", page);
        Assert.Contains("v1, champion", page);
    }

    private static JsonObject Definition()
    {
        var gate = Activity("gate", CompareWithChampion.Type, ("modelName", "tiny"), ("candidate", 2));
        var ask = Activity("ask", "Workbench.Approve", ("title", "Promote?"), ("report", "read-me.html"));
        return new JsonObject
        {
            ["definitionId"] = "judge", ["name"] = "judge",
            ["root"] = new JsonObject
            {
                ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["activities"] = new JsonArray(gate, ask),
                ["connections"] = new JsonArray([.. new[] { "Passed", "Refused" }.Select(outcome => (JsonNode)new JsonObject
                {
                    ["source"] = new JsonObject { ["activity"] = "gate", ["port"] = outcome }, ["target"] = new JsonObject { ["activity"] = "ask", ["port"] = "In" },
                })]),
            },
        };
    }

    private static JsonObject Activity(string id, string type, params (string Name, JsonNode Value)[] inputs)
    {
        var activity = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in inputs)
            activity[name] = new JsonObject { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };
        return activity;
    }
}
