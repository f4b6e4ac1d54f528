using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Training;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Tests.Activities;

/// <summary>Training steps on a table whose label is whether x is positive, which a model learns: nearly every row is right.</summary>
public sealed class TrainModelTests
{
    private readonly ModelRegistry _registry = ModelRegistry.Open(TinyModel.NewFolder());
    private readonly string _table;

    public TrainModelTests()
    {
        _table = Path.Combine(_registry.Folder.Path, "rows.csv");
        var rows = TinyModel.Rows(1000, seed: 3);
        File.WriteAllLines(_table, ["id,x,colour,seen_at,y", .. Enumerable.Range(0, rows.Rows).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{rows.Ids[i]},{rows.Numeric[i]},{rows.Categorical[i]},2025-01-01 00:00:00,{rows.Labels[i]}"))]);
    }

    [Theory]
    [InlineData("TabularNetwork", "64, 32")]
    [InlineData("LogisticRegression", "")]
    public async Task Run_Family_RegistersAVersionThatTheOtherActivitiesUse(string family, string hiddenSizes)
    {
        var result = await RunAsync("step1", ("family", family), ("idColumn", "id"), ("epochs", 40), ("patience", 40), ("batchSize", 32), ("learningRate", 0.02), ("seed", 7));

        var version = await _registry.GetVersionAsync("tiny", (int)result.Outputs["version"]!);
        var run = await _registry.GetRunAsync(version.RunId!.Value);
        Assert.Equal(run.Id.Value, (string?)result.Outputs["runId"]);
        Assert.Equal((RunStatus.Finished, family, hiddenSizes, "7", "all"), (run.Status, run.Parameters["family"], run.Parameters["hiddenSizes"], run.Parameters["seed"], run.Parameters["features"]));
        Assert.Equal(run.Metrics["accuracy"], version.Metrics["accuracy"]);
        Assert.InRange(version.Metrics["accuracy"], 0.9, 1.0);
        Assert.InRange(version.Metrics["onnx_max_difference"], 0, 1e-5); // The exporter refuses more.
        Assert.Equal(1000, version.Metrics["holdout_rows"] + version.Metrics["training_rows"]);
        Assert.Equal(Enumerable.Range(1, 40).Select(epoch => (long)epoch), (await _registry.GetMetricHistoryAsync(run.Id, "validation_loss")).Select(point => point.Step));
        // The time is no feature; the gate and the evaluation find what they need.
        var holdout = await VersionRows.HoldoutAsync(_registry, version, default);
        Assert.Equal(["x", "colour"], holdout.Schema.Inputs);
        var evaluated = await StepActivities.Create(_registry).Find("Workbench.Evaluate").ExecuteAsync(Context("Workbench.Evaluate", "step2", [("modelName", "tiny"), ("candidate", version.Version), ("atLeast", 0.9)]), default);
        Assert.Equal(("Reached", version.Metrics["accuracy"]), (evaluated.Outcome, (double)evaluated.Outputs["value"]!));
    }

    // Heights of 50 + 20·x, in three sizes that follow them; the sizes are text and numbers of all kinds no classes.
    [Theory]
    [InlineData("Linear", "size", "accuracy", 0.85, 1)]
    [InlineData("LightGbm", "size", "accuracy", 0.85, 1)]
    [InlineData("FastTree", "height", "rmse", 0, 4)]
    [InlineData("ResidualMlp", "height", "rmse", 0, 4)]
    [InlineData("FtTransformer", "height", "rmse", 0, 4)]
    public async Task Run_SeveralClassesOrNumbers_RegistersAVersionWithTheTasksMetrics(string family, string label, string metric, double low, double high)
    {
        LightGbmLibrary.SkipWhereAbsent(family);
        WriteSizes();
        var result = await RunAsync("step1", ("family", family), ("label", label), ("leaveOut", new JsonArray("id", label == "size" ? "height" : "size")), ("epochs", 20), ("patience", 20),
            ("batchSize", 64), ("learningRate", 0.01), ("width", 8), ("heads", 2), ("rounds", 60), ("treeLearningRate", 0.2));
        var version = await _registry.GetVersionAsync("tiny", (int)result.Outputs["version"]!);
        Assert.InRange(version.Metrics[metric], low, high);
        Assert.Equal((double)result.Outputs["metrics"]![metric]!, version.Metrics[metric]);
        var holdout = await VersionRows.HoldoutAsync(_registry, version, default);
        Assert.Equal(label == "size" ? ["middle", "small", "tall"] : [], holdout.Schema.Classes);
        // What judges probabilities of two classes says so.
        var evaluate = StepActivities.Create(_registry).Find("Workbench.Evaluate").ExecuteAsync(Context("Workbench.Evaluate", "step2", [("modelName", "tiny"), ("candidate", version.Version)]), default);
        Assert.Contains("judges probabilities of two classes", (await Assert.ThrowsAsync<RegistryException>(() => evaluate)).Message);
    }

    // Three rounds of boosting know little of a height that sixty know nearly; the gate judges it by its error.
    [Theory]
    [InlineData("height", "rmse")]
    [InlineData("size", "accuracy")]
    public async Task Run_SeveralClassesOrNumbers_AreComparedByTheGate(string label, string metric)
    {
        WriteSizes();
        var versions = new List<int>();
        foreach (int rounds in new[] { 3, 60 })
            versions.Add((int)(await RunAsync($"step{rounds}", ("family", "FastTree"), ("label", label), ("leaveOut", new JsonArray("id", label == "size" ? "height" : "size")), ("rounds", rounds), ("treeLearningRate", 0.1))).Outputs["version"]!);
        await _registry.SetAliasAsync("tiny", "champion", versions[0], "test", "the first");
        var compared = await StepActivities.Create(_registry).Find("Workbench.CompareWithChampion").ExecuteAsync(
            Context("Workbench.CompareWithChampion", "compare", [("modelName", "tiny"), ("candidate", versions[1]), ("minimumRows", 50)]), default);
        Assert.Contains(metric, compared.Message);
        if (metric == "rmse")   // sizes may be told apart by three rounds already
            Assert.Equal("Passed", compared.Outcome);
    }

    private void WriteSizes()
    {
        var rows = TinyModel.Rows(1000, seed: 3);
        File.WriteAllLines(_table, ["id,x,colour,size,height", .. rows.Numeric.Select((x, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{rows.Ids[i]},{x},{rows.Categorical[i]},{(x < -0.7 ? "small" : x < 0.7 ? "middle" : "tall")},{50 + 20 * x}"))]);
    }

    [Fact]
    public async Task Run_TriedAgain_RegistersOneVersion()
    {
        var first = await RunAsync("step1", ("epochs", 1));
        var again = await RunAsync("step1", ("epochs", 1));
        var other = await RunAsync("step2", ("epochs", 1));
        Assert.Equal((1, 1, 2), ((int)first.Outputs["version"]!, (int)again.Outputs["version"]!, (int)other.Outputs["version"]!));
        Assert.Equal((string?)first.Outputs["runId"], (string?)again.Outputs["runId"]);
        Assert.Equal("Registered by an earlier attempt.", again.Message);
        Assert.Equal(2, (await _registry.ListRunsAsync("tiny")).Count);
    }

    [Fact]
    public async Task Run_EarlierAttemptDied_ClosesItsRunAndTrains()
    {
        var dead = await _registry.StartRunAsync("tiny", tags: new Dictionary<string, string> { ["workbench.step"] = "run1/step1" });
        var result = await RunAsync("step1", ("epochs", 1));
        Assert.Equal(1, (int)result.Outputs["version"]!);
        Assert.Equal(RunStatus.Killed, (await _registry.GetRunAsync(dead.Id)).Status);
    }

    [Fact]
    public async Task Run_TextThatNamesRows_IsNoFeatureUnlessItIsNamed()
    {
        var all = await RunAsync("step1", ("epochs", 1));
        var named = await RunAsync("step2", ("epochs", 1), ("features", new JsonArray("id", "x")));
        async Task<IEnumerable<string>> InputsAsync(StepResult result) =>
            (await VersionRows.HoldoutAsync(_registry, await _registry.GetVersionAsync("tiny", (int)result.Outputs["version"]!), default)).Schema.Inputs;
        Assert.Equal(["x", "colour"], await InputsAsync(all));
        Assert.Equal(["x", "id"], await InputsAsync(named));
    }

    [Fact]
    public async Task Run_SameSeedAndRows_GivesTheSameWeights()
    {
        foreach (var step in new[] { "step1", "step2" })
            await RunAsync(step, ("epochs", 2), ("idColumn", "id"), ("features", new JsonArray("x")), ("where", "colour = 'red'"));
        var versions = await _registry.ListVersionsAsync("tiny");
        Assert.Single(versions.Select(version => version.Tags[ModelFiles.WeightsHashTag]).Distinct());
        Assert.All(versions, version => Assert.Equal(500, version.Metrics["holdout_rows"] + version.Metrics["training_rows"])); // Every other row is red.
    }

    [Fact]
    public async Task Run_WrongInputs_SaysWhatIsWrong()
    {
        Assert.Contains("one of TabularNetwork, LogisticRegression", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s", ("family", "GradientBoosting")))).Message);
        Assert.Contains("'hiddenSizes' is [64, wide]", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s", ("hiddenSizes", new JsonArray("64", "wide"))))).Message);
        Assert.Contains("Device is 'gpu'; allowed is cpu, cuda, cuda:N or auto", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync("s", ("device", "gpu")))).Message);
        Assert.Contains("Did you mean 'colour'?", (await Assert.ThrowsAsync<DataException>(() => RunAsync("s", ("features", new JsonArray("x", "color"))))).Message);
        Assert.Contains("no column 'idd' to leave out. Did you mean 'id'?", (await Assert.ThrowsAsync<DataException>(() => RunAsync("s", ("leaveOut", new JsonArray("idd"))))).Message);
        Assert.Contains("Column 'seen_at'", (await Assert.ThrowsAsync<DataException>(() => RunAsync("s", ("features", new JsonArray("x", "seen_at"))))).Message);
        Assert.Contains("No table file", (await Assert.ThrowsAsync<DataException>(() => RunAsync("s", ("data", _table + "x")))).Message);
        // What failed after its run had begun is a failed run that says why.
        var runs = await _registry.ListRunsAsync("tiny");
        Assert.All(runs, run => Assert.Equal(RunStatus.Failed, run.Status));
        Assert.Contains(runs, run => run.Tags["workbench.error"].Contains("'seen_at'"));
    }

    [Fact]
    public async Task Run_GpuThatIsNotThere_IsRefused()
    {
        Assert.Contains("cuda:99", (await Assert.ThrowsAsync<TrainingException>(() => RunAsync("s", ("device", "cuda:99")))).Message);
        Assert.Empty(await _registry.ListModelsAsync());
    }

    private Task<StepResult> RunAsync(string stepId, params (string Name, JsonNode? Value)[] inputs)
    {
        (string, JsonNode?)[] all = [("modelName", "tiny"), ("data", _table), ("label", "y"), ("leaveOut", new JsonArray("id"))];
        return StepActivities.Create(_registry).Find("Workbench.TrainModel").ExecuteAsync(
            Context("Workbench.TrainModel", stepId, [.. all.Where(pair => inputs.All(input => input.Name != pair.Item1)), .. inputs]), TestContext.Current.CancellationToken);
    }

    private static StepContext Context(string type, string stepId, IEnumerable<(string Name, JsonNode? Value)> inputs) => new()
    {
        RunId = "run1", StepId = stepId, DefinitionId = "flow", Version = 1, ActivityId = "a", ActivityName = "a", ActivityType = type, Attempt = 1,
        Inputs = new JsonObject(inputs.Select(input => KeyValuePair.Create(input.Name, input.Value))), WorkflowInputs = [], Reason = "test", Actor = "test",
    };
}
