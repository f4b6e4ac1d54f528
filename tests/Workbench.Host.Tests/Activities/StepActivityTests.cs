using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Host.Activities;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Tests.Activities;

/// <summary>Activities as a step runs them, on a registry of their own.</summary>
public sealed class StepActivityTests
{
    private readonly ModelRegistry _registry = ModelRegistry.Open(TinyModel.NewFolder());

    [Fact]
    public async Task Evaluate_GoodAndPoorModel_IsReachedOrMissed()
    {
        var good = await TinyModel.RegisterAsync(_registry, epochs: 30, seed: 1);
        var reached = await RunAsync("Workbench.Evaluate", ("modelName", TinyModel.Name), ("candidate", good.Version), ("atLeast", 0.9), ("beyondChance", true));
        Assert.Equal("Reached", reached.Outcome);
        // The label is whether x is positive, which the model learns: nearly every row is right.
        Assert.InRange((double)reached.Outputs["value"]!, 0.95, 1.0);
        Assert.Equal(400, (int)reached.Outputs["report"]!["rows"]!);
        // A notebook step hands a value on with its kind and type beside it.
        var handed = new JsonObject { ["kind"] = "json", ["type"] = "int", ["json"] = good.Version };
        Assert.Equal("Missed", (await RunAsync("Workbench.Evaluate", ("modelName", TinyModel.Name), ("candidate", handed), ("metric", "F1"), ("atLeast", 1.0))).Outcome);
    }

    [Fact]
    public async Task RollbackModel_TriedTwice_GoesBackOnce()
    {
        foreach (var seed in new[] { 1, 2, 3 })
            await _registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, (await TinyModel.RegisterAsync(_registry, epochs: 1, seed: seed)).Version, "test", "next");
        for (int attempt = 0; attempt < 2; attempt++)
            Assert.Equal(2, (int)(await RunAsync("Workbench.RollbackModel", ("modelName", TinyModel.Name), ("reason", "it was wrong"), ("failedVersion", 3))).Outputs["version"]!);
        var history = await _registry.HistoryAsync(TinyModel.Name);
        Assert.Equal([1, 2, 3, 2], history.Select(change => change.ToVersion));
        Assert.Contains("it was wrong", history[^1].Reason);
    }

    [Fact]
    public async Task DriftCheck_RequestsFarFromTraining_Drifted()
    {
        await _registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, (await TinyModel.RegisterAsync(_registry, epochs: 1, seed: 1)).Version, "test", "first");
        await LogAsync(shift: 0, at: new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await LogAsync(shift: 10, at: new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var stable = await RunAsync("Workbench.DriftCheck", ("modelName", TinyModel.Name), ("until", "2025-03-10"), ("days", 14), ("share", 0.1));
        Assert.Equal("Stable", stable.Outcome);
        var drifted = await RunAsync("Workbench.DriftCheck", ("modelName", TinyModel.Name), ("until", "2025-06-10"), ("days", 14), ("share", 0.5));
        Assert.Equal("Drifted", drifted.Outcome);
        Assert.Equal(["x"], drifted.Outputs["columns"]!.AsArray().Select(column => (string?)column));
        Assert.Equal(0.5, (double)drifted.Outputs["share"]!);
        Assert.True(File.Exists(Path.Combine(_registry.Folder.Reports, (string)drifted.Outputs["report"]!)));
    }

    [Fact]
    public async Task DriftCheck_TwoSources_KeepsReportAndRunOnce()
    {
        var samples = Path.Combine(Checkout.Root, "data", "samples", "churn");
        var inputs = new (string, JsonNode?)[]
        {
            ("reference", Path.Combine(samples, "2024-1*.parquet")), ("current", Path.Combine(samples, "2025-01.parquet")), ("share", 0.1), ("experiment", "drift of churn"), ("by", "week"), ("time", "event_at"),
            ("settings", new JsonObject { ["exclude"] = new JsonArray("churned"), ["test"] = new JsonObject { ["age_years"] = "ks:0.001" } }),
        };
        var first = await RunAsync("Workbench.DriftCheck", inputs);
        var again = await RunAsync("Workbench.DriftCheck", inputs);
        Assert.Equal("Drifted", first.Outcome);
        // The sample data's README: prices rose and the plan flex came in January 2025.
        Assert.Equal(["monthly_price", "plan"], first.Outputs["columns"]!.AsArray().Select(column => (string?)column).Order());
        Assert.Equal(["monthly_price", "plan"], first.Outputs["drifted"]!.AsArray().Select(column => (string?)column!["column"]).Order());
        var run = Assert.Single(await _registry.ListRunsAsync("drift of churn"));
        Assert.Equal((run.Id.Value, run.Id.Value), ((string?)first.Outputs["runId"], (string?)again.Outputs["runId"]));
        Assert.Equal(RunStatus.Finished, run.Status);
        Assert.Equal((double)first.Outputs["share"]!, run.Metrics["drift_share"]);
        Assert.InRange(run.Metrics["monthly_price.psi"], 0.2, 5);
        Assert.Contains("age_years.ks", run.Metrics.Keys);
        Assert.DoesNotContain("age_years.psi", run.Metrics.Keys);
        var kept = DriftReport.Parse(System.Text.Encoding.UTF8.GetString(await _registry.Artifacts.ReadVerifiedAsync(new ArtifactId(run.Tags[DriftRun.JsonTag]))));
        Assert.Equal(2, kept.Drifted.Count);
        Assert.Equal("week", kept.Timeline!.By);
        Assert.True(File.Exists(Path.Combine(_registry.Folder.Reports, (string)first.Outputs["report"]!)));
    }

    [Fact]
    public async Task DriftCheck_OneSourceOrNone_SaysWhatToSet()
    {
        Assert.Contains("Set both", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("Workbench.DriftCheck", ("reference", "a.parquet")))).Message);
        Assert.Contains("'modelName' has no value", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("Workbench.DriftCheck"))).Message);
        var wrong = await Assert.ThrowsAsync<DataException>(() => RunAsync("Workbench.DriftCheck", ("reference", "a.parquet"), ("current", "b.parquet"), ("settings", new JsonObject { ["tests"] = new JsonObject() })));
        Assert.Contains("unknown setting 'tests'. Did you mean 'test'?", wrong.Message);
    }

    [Fact]
    public async Task Alert_TriedTwice_IsRaisedOnceAndDelivered()
    {
        await _registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, (await TinyModel.RegisterAsync(_registry, epochs: 1, seed: 1)).Version, "test", "first");
        for (int attempt = 0; attempt < 2; attempt++)
            await RunAsync("Workbench.Alert", ("name", "late-data"), ("modelName", TinyModel.Name), ("message", "No rows since Monday."));
        var raised = Assert.Single(await AlertEngine.Open(_registry).EventsAsync());
        Assert.Equal(("late-data", AlertState.Firing, 1), (raised.Rule, raised.State, raised.Version));
        var file = Path.Combine(_registry.Folder.Path, "alerts.jsonl");
        await AlertDispatcher.Open(_registry.Folder, [new FileChannel(file)]).DispatchAsync();
        Assert.Contains("No rows since Monday.", Assert.Single(await File.ReadAllLinesAsync(file)));
    }

    [Fact]
    public async Task Report_HostileValues_AreShownAsText()
    {
        await TinyModel.RegisterAsync(_registry, epochs: 1, seed: 1);
        var result = await RunAsync("Workbench.Report", ("title", "Week 12"), ("text", "<script>x</script>"), ("values", new JsonObject { ["rows"] = 12, ["list"] = new JsonArray(1, 2) }), ("modelName", TinyModel.Name), ("fileName", "week-12"));
        var html = await File.ReadAllTextAsync(Path.Combine(_registry.Folder.Reports, (string)result.Outputs["report"]!));
        Assert.Contains("&lt;script&gt;x", html);
        Assert.DoesNotContain("<script>x", html);
        Assert.Contains("Model tiny", html);
        var refused = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("Workbench.Report", ("title", "T"), ("fileName", "../../etc/x")));
        Assert.Contains("../../etc/x", refused.Message);
    }

    [Fact]
    public async Task RunCommand_OnlyWhatIsAllowed_Runs()
    {
        await File.WriteAllTextAsync(Path.Combine(_registry.Folder.Path, AllowedCommands.FileName),
            """{"commands":[{"name":"say","program":"/bin/echo","takesArguments":true},{"name":"fixed","program":"/bin/echo"},{"name":"fail","program":"/bin/sh","arguments":["-c","echo broken >&2; exit 7"]}]}""");
        // No shell reads the arguments.
        var said = await RunAsync("Workbench.RunCommand", ("command", "say"), ("arguments", new JsonArray("a b", "$(id)", "; ls")));
        Assert.Equal("a b $(id) ; ls", (string?)said.Outputs["output"]);
        Assert.Contains("Allowed: say, fixed, fail", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("Workbench.RunCommand", ("command", "rm")))).Message);
        Assert.Contains("takes no arguments", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("Workbench.RunCommand", ("command", "fixed"), ("arguments", new JsonArray("x"))))).Message);
        var failed = (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("Workbench.RunCommand", ("command", "fail")))).Message;
        Assert.Contains("exit code 7", failed);
        Assert.Contains("broken", failed);
    }

    [Fact]
    public async Task Read_WrongInputs_NamesAllOfThem()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("Workbench.Evaluate", ("candidate", "three"), ("metric", "Acc"), ("threshold", 2)));
        foreach (var expected in new[] { "'modelName' has no value", "'candidate' is \"three\"; it takes a whole number", "one of Accuracy, Precision", "'threshold' is 2; allowed is 0 to 1" })
            Assert.Contains(expected, failure.Message);
    }

    private async Task LogAsync(double shift, DateTimeOffset at)
    {
        await using var log = PredictionLog.Open(_registry.Folder);
        var rows = TinyModel.Rows(300, seed: 5);
        await log.AppendAsync([.. Enumerable.Range(0, rows.Rows).Select(i => new PredictionRecord
        {
            Id = $"{at:yyyyMMdd}-{i}", Model = TinyModel.Name, Version = 1, At = at, Score = 0.5,
            Inputs = new Dictionary<string, object?> { ["x"] = (double)rows.Numeric[i] + shift, ["colour"] = rows.Categorical[i] },
        })]);
        await log.FlushAsync();
    }

    private Task<StepResult> RunAsync(string type, params (string Name, JsonNode? Value)[] inputs) => StepActivities.Create(_registry).Find(type).ExecuteAsync(new StepContext
    {
        RunId = "run1", StepId = "step1", DefinitionId = "flow", Version = 1, ActivityId = "a", ActivityName = "a", ActivityType = type, Attempt = 1,
        Inputs = new JsonObject(inputs.Select(input => KeyValuePair.Create(input.Name, input.Value?.DeepClone()))), WorkflowInputs = [], Reason = "test", Actor = "test",
    }, TestContext.Current.CancellationToken);
}
