using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Training.Tuning;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Tests.Activities;

/// <summary>Tuning steps on a table whose label is whether x is positive.</summary>
public sealed class TuneHyperparametersTests
{
    private readonly DataFolder _folder = TinyModel.NewFolder();
    private readonly ModelRegistry _registry;
    private readonly string _table;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TuneHyperparametersTests()
    {
        _registry = ModelRegistry.Open(_folder);
        _table = Path.Combine(_folder.Path, "rows.csv");
        var rows = TinyModel.Rows(600, seed: 3);
        File.WriteAllLines(_table, ["id,x,colour,y", .. Enumerable.Range(0, rows.Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{rows.Ids[i]},{rows.Numeric[i]},{rows.Categorical[i]},{rows.Labels[i]}"))]);
    }

    [Fact]
    public async Task Run_TriedAgain_GoesOnWithTheStepsStudy()
    {
        var first = await RunAsync("step1", ("trials", 3));
        var again = await RunAsync("step1", ("trials", 3));
        Assert.Equal(first.Outputs.ToJsonString(), again.Outputs.ToJsonString());
        Assert.Equal((3, "run1/step1"), ((int)first.Outputs["trials"]!, (string?)first.Outputs["study"]));
        Assert.Equal(3, (await _registry.ListRunsAsync("flow tune", cancellationToken: Stop)).Count);
        var study = await Study.LoadAsync(_folder, "run1/step1", Stop);
        Assert.Equal((await study.BestAsync(Stop))!.Parameters.ToJsonString(), first.Outputs["bestParameters"]!.ToJsonString());
        Assert.Equal(3, (int)(await RunAsync("step2", ("trials", 3))).Outputs["trials"]!);
        Assert.Equal(2, (await Study.ListAsync(_folder, Stop)).Count);
    }

    // Sizes follow x, in three classes or as numbers: what is searched for follows the label.
    [Theory]
    [InlineData("'size ' || floor(x)::INTEGER::VARCHAR", "accuracy", StudyDirection.Maximise, "f1_macro")]
    [InlineData("3 * x + 0.5", "rmse", StudyDirection.Minimise, "r2")]
    public async Task Run_OtherTasks_SearchTheirOwnMetric(string label, string metric, StudyDirection direction, string other)
    {
        var table = Path.Combine(_folder.Path, "task.parquet");
        using (var session = DuckSession.Open())
            session.Execute($"COPY (SELECT x, {label} AS y FROM (SELECT random() * 3 AS x FROM range(400))) TO '{table}'");
        await RunAsync("step1", ("data", table), ("idColumn", null), ("trials", 2), ("settings", new JsonObject { ["epochs"] = 5 }));
        var study = await Study.LoadAsync(_folder, "run1/step1", Stop);
        Assert.Equal(direction, study.Options.Direction);
        var best = (await study.BestAsync(Stop))!;
        var run = await _registry.GetRunAsync(new RunId(best.Note!), Stop);
        Assert.Equal(best.Value, run.Metrics[metric]);
        Assert.Contains(other, run.Metrics.Keys);
        Assert.Contains($"Known for {(metric == "rmse" ? "Regression" : "Multiclass")} labels", (await Assert.ThrowsAsync<TuningException>(() => RunAsync("step2", ("data", table), ("idColumn", null), ("metric", "brier2")))).Message);
    }

    [Fact]
    public async Task Run_WrongInputs_SaysWhatIsWrong()
    {
        Assert.Contains("The input 'label' has no value", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s", ("label", null)))).Message);
        Assert.Contains("Did you mean 'roc_auc'?", (await Assert.ThrowsAsync<TuningException>(() => RunAsync("s", ("metric", "rocauc")))).Message);
        Assert.Contains("Did you mean 'epochs'?", (await Assert.ThrowsAsync<TuningException>(() => RunAsync("s", ("settings", new JsonObject { ["epoch"] = 3 })))).Message);
        Assert.Contains("The input 'trials' is 0; allowed is 1", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s", ("trials", 0)))).Message);
        Assert.Empty(await Study.ListAsync(_folder, Stop));
    }

    [Fact]
    public async Task Run_InAPipeline_TrainModelTakesWhatItFound()
    {
        await using var host = await WorkbenchHost.StartAsync(new HostSettings { Folder = _folder, Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.None });
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        using (var published = await client.PostAsJsonAsync("/api/workflows", Flow(), Stop))
            Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync(Stop));
        using var started = await client.PostAsJsonAsync("/api/workflows/flow/runs", new { reason = "test" }, Stop);
        var run = (string)JsonNode.Parse(await started.Content.ReadAsStringAsync(Stop))!["id"]!;
        JsonNode state;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        do
        {
            await Task.Delay(200, deadline.Token);
            state = JsonNode.Parse(await client.GetStringAsync($"/api/runs/{run}", deadline.Token))!;
        }
        while ((string?)state["status"] != "Finished");

        var best = state["steps"]!.AsArray().Select(step => step!["outputs"]?["bestParameters"]).OfType<JsonObject>().SingleOrDefault();
        Assert.True(best is not null, state.ToJsonString());
        var version = await _registry.GetVersionAsync("tiny", 1, Stop);
        Assert.Equal((double)best["learningRate"]!, double.Parse(version.Parameters["learningRate"], CultureInfo.InvariantCulture));
        Assert.Equal(string.Join(", ", best["hiddenSizes"]!.AsArray()), version.Parameters["hiddenSizes"]);
    }

    private JsonObject Flow() => new()
    {
        ["definitionId"] = "flow", ["name"] = "flow",
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart",
            ["activities"] = new JsonArray(
                Activity("tune", TuneHyperparameters.Type, ("data", "String", "Literal", _table), ("label", "String", "Literal", "y"), ("leaveOut", "Object", "Object", new JsonArray("id")), ("trials", "Int32", "Literal", 3),
                    ("space", "Object", "Object", Space()), ("settings", "Object", "Object", new JsonObject { ["epochs"] = 4 })),
                Activity("train", TrainModel.Type, ("modelName", "String", "Literal", "tiny"), ("data", "String", "Literal", _table), ("label", "String", "Literal", "y"), ("leaveOut", "Object", "Object", new JsonArray("id")),
                    ("epochs", "Int32", "Literal", 4), ("learningRate", "Double", "JavaScript", "getOutputFrom('tune', 'bestParameters').learningRate"),
                    ("hiddenSizes", "Object", "JavaScript", "getOutputFrom('tune', 'bestParameters').hiddenSizes"))),
            ["connections"] = new JsonArray(new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = "tune", ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = "train", ["port"] = "In" },
            }),
        },
    };

    private static JsonObject Activity(string id, string type, params (string Name, string TypeName, string Expression, JsonNode Value)[] inputs)
    {
        var activity = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, typeName, expression, value) in inputs)
            activity[name] = new JsonObject { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = expression, ["value"] = value } };
        return activity;
    }

    private static JsonObject Space() => new()
    {
        ["learningRate"] = new JsonObject { ["type"] = "float", ["low"] = 0.001, ["high"] = 0.1, ["log"] = true }, ["hiddenSizes"] = new JsonArray(new JsonArray(8), new JsonArray(16, 8)),
    };

    private Task<StepResult> RunAsync(string stepId, params (string Name, JsonNode? Value)[] inputs)
    {
        (string, JsonNode?)[] all = [("data", _table), ("label", "y"), ("idColumn", "id"), ("space", Space()), ("settings", new JsonObject { ["epochs"] = 3 })];
        return StepActivities.Create(_registry).Find(TuneHyperparameters.Type).ExecuteAsync(new StepContext
        {
            RunId = "run1", StepId = stepId, DefinitionId = "flow", Version = 1, ActivityId = "tune", ActivityName = "tune", ActivityType = TuneHyperparameters.Type, Attempt = 1,
            Inputs = new JsonObject(all.Where(pair => inputs.All(input => input.Name != pair.Item1)).Concat(inputs).Select(input => KeyValuePair.Create(input.Item1, input.Item2))),
            WorkflowInputs = [], Reason = "test", Actor = "test",
        }, Stop);
    }
}
