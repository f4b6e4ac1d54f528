using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Host.Monitoring;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows.Model;

namespace Workbench.Host.Tests.Monitoring;

/// <summary>Accuracies are counted by hand: of ten requests a day so many were answered right.</summary>
public sealed class MetricTriggersTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DataFolder _folder = TinyModel.NewFolder();

    [Fact]
    public async Task Evaluate_MetricFallsBelowTheLimit_StartsOneRunADip()
    {
        var installation = await InstallationAsync();
        var triggers = new MetricTriggers(installation);
        await using var predictions = PredictionLog.Open(_folder);
        await using var labels = LabelLog.Open(_folder);
        // Right answers of ten on each day, for a window of one day and a limit of 0.8: above, below, below, above, below.
        int[] right = [9, 7, 6, 8, 5];
        List<int> runs = [];
        for (int day = 0; day < right.Length; day++)
        {
            await FillAsync(predictions, labels, day, right[day]);
            await triggers.EvaluateAsync(Start.AddDays(day + 1), TestContext.Current.CancellationToken);
            await triggers.EvaluateAsync(Start.AddDays(day + 1), TestContext.Current.CancellationToken);
            runs.Add((await installation.Workflows.ListRunsAsync()).Count);
        }
        Assert.Equal([0, 1, 1, 1, 2], runs);
        var run = (await installation.Workflows.ListRunsAsync()).OrderBy(one => one.Id).First();
        Assert.Equal("metric: accuracy of tiny version 1 is 0.7 on 10 rows, below 0.8", run.Reason);
        Assert.Equal((0.7, 10, 1), ((double)run.TriggerPayload!["value"]!, (int)run.TriggerPayload["rows"]!, (int)run.TriggerPayload["version"]!));
    }

    [Fact]
    public async Task Evaluate_TooFewLabelsOrNoChampion_StartsNothing()
    {
        var installation = await InstallationAsync();
        await using var predictions = PredictionLog.Open(_folder);
        await using var labels = LabelLog.Open(_folder);
        await FillAsync(predictions, labels, day: 0, right: 0, count: 9);
        await new MetricTriggers(installation).EvaluateAsync(Start.AddDays(1), TestContext.Current.CancellationToken);
        Assert.Empty(await installation.Workflows.ListRunsAsync());
        await FillAsync(predictions, labels, day: 1, right: 0);
        await installation.Workflows.PauseTriggerAsync("retrain:metric", "ada");
        await new MetricTriggers(installation).EvaluateAsync(Start.AddDays(2), TestContext.Current.CancellationToken);
        Assert.Empty(await installation.Workflows.ListRunsAsync());
        await installation.Workflows.ResumeTriggerAsync("retrain:metric");
        await new MetricTriggers(installation).EvaluateAsync(Start.AddDays(2), TestContext.Current.CancellationToken);
        Assert.Single(await installation.Workflows.ListRunsAsync());
    }

    private static async Task FillAsync(PredictionLog predictions, LabelLog labels, int day, int right, int count = 10)
    {
        for (int i = 0; i < count; i++)
        {
            var id = $"{day}-{i}";
            await predictions.AppendAsync(new PredictionRecord { Id = id, Model = "tiny", Version = 1, At = Start.AddDays(day + 0.5), Score = 0.5, Label = 1, Inputs = new Dictionary<string, object?>() });
            await labels.AppendAsync(new LabelRecord { Id = id, Model = "tiny", Value = i < right ? 1 : 0, At = Start.AddDays(day + 0.5) });
        }
        await predictions.FlushAsync();
        await labels.FlushAsync();
    }

    private async Task<Installation> InstallationAsync()
    {
        var installation = await Installation.OpenAsync(_folder);
        var file = Path.Combine(_folder.Path, "model.onnx");
        await File.WriteAllTextAsync(file, "weights");
        await installation.Registry.RegisterAsync(new NewModelVersion { Name = "tiny", DataHash = "sha256:x", IdempotencyKey = null, Files = new Dictionary<string, string> { [ModelFiles.Onnx] = file } });
        await installation.Registry.SetAliasAsync("tiny", ChampionGate.Champion, 1, "test", "first");
        await installation.Engine.PublishAsync(WorkflowDefinition.Parse(new JsonObject
        {
            ["definitionId"] = "retrain", ["name"] = "retrain",
            ["customProperties"] = new JsonObject
            {
                ["triggers"] = JsonNode.Parse("""[{"type":"metric","model":"tiny","below":0.8,"window":"1.00:00:00","minimumRows":10},{"type":"metric","id":"other","model":"unknown","below":0.8}]"""),
            },
            ["root"] = new JsonObject
            {
                ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1,
                ["activities"] = new JsonArray(new JsonObject { ["id"] = "start", ["type"] = "Elsa.Start", ["version"] = 1 }), ["connections"] = new JsonArray(),
            },
        }));
        return installation;
    }
}
