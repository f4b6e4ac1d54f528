using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Tests.Activities;

/// <summary>Steps of two processes, as the engine starts them.</summary>
public sealed class StepJobTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DataFolder Data => new(Path.Combine(_folder, "data"));

    private ModelRegistry Registry => ModelRegistry.Open(Data);

    public StepJobTests()
    {
        var rows = TinyModel.Rows(800, seed: 3);
        File.WriteAllLines(Path.Combine(_folder, "rows.csv"), ["id,x,colour,y", .. Enumerable.Range(0, rows.Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{rows.Ids[i]},{rows.Numeric[i]},{rows.Categorical[i]},{rows.Labels[i]}"))]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Train_OfTwoProcesses_OutlivesARankAndItsOwnDeath()
    {
        OpenMpi.SkipWhereAbsent();
        await using (var first = Start("train", 1, ("epochs", 60)))
        {
            await first.UntilAsync(Limit, () => first.Output.Contains("epoch 5 of", StringComparison.Ordinal));
            await first.KillAsync();
            await GoneAsync(first);
        }
        Assert.Equal(RunStatus.Running, Assert.Single(await Registry.ListRunsAsync("tiny", cancellationToken: Stop)).Status);

        // The engine tries again; of that attempt a rank dies.
        await using (var second = Start("train", 2, ("epochs", 60)))
        {
            await second.UntilAsync(Limit, () => second.Output.Contains("epoch 25 of", StringComparison.Ordinal));
            second.KillRank(1);
            Assert.True(await second.EndAsync(Limit) == ExitCode.Done, second.Error);
            Assert.Contains("attempt 2: 1 ranks", second.Error);
            Assert.DoesNotContain("epoch 1 of", second.Output); // It went on where the first had been.
        }
        var result = StepResult.Read(ResultOf("train", 2));
        var version = Assert.Single(await Registry.ListVersionsAsync("tiny", Stop));
        var run = Assert.Single(await Registry.ListRunsAsync("tiny", cancellationToken: Stop));
        Assert.Equal((1, run.Id.Value, version.Metrics["accuracy"]), ((int)result.Outputs["version"]!, (string)result.Outputs["runId"]!, (double)result.Outputs["metrics"]!["accuracy"]!));
        Assert.Equal((RunStatus.Finished, version.RunId), (run.Status, run.Id));
        Assert.InRange(version.Metrics["accuracy"], 0.9, 1); // y is x > 0: nearly every row is right
        Assert.Equal(Enumerable.Range(1, 60).Select(epoch => (long)epoch), (await Registry.GetMetricHistoryAsync(run.Id, "validation_loss", Stop)).Select(point => point.Step));
        Assert.Empty(Directory.GetDirectories(Path.Combine(Data.Path, "jobs")));

        await using var third = Start("train", 3, ("epochs", 60));
        Assert.Equal(ExitCode.Done, await third.EndAsync(Limit));
        Assert.Equal("Registered by an earlier attempt.", StepResult.Read(ResultOf("train", 3)).Message);
        Assert.DoesNotContain("attempt 1", third.Error);
    }

    [Fact]
    public async Task Train_Cancelled_LeavesNoProcessAndEndsItsRun()
    {
        OpenMpi.SkipWhereAbsent();
        await using var step = Start("train", 1, ("epochs", 10_000));
        await step.UntilAsync(Limit, () => step.Output.Contains("epoch 5 of", StringComparison.Ordinal));
        step.Terminate();
        Assert.Equal(ExitCode.Failed, await step.EndAsync(Limit));
        await GoneAsync(step);
        Assert.Equal(RunStatus.Killed, Assert.Single(await Registry.ListRunsAsync("tiny", cancellationToken: Stop)).Status);
        Assert.Empty(await Registry.ListModelsAsync(Stop));
    }

    [Fact]
    public async Task Train_WrongData_FailsOnceWithTheReason()
    {
        OpenMpi.SkipWhereAbsent();
        await using var step = Start("train", 1, ("label", "yy"));
        Assert.Equal(ExitCode.Failed, await step.EndAsync(Limit));
        Assert.Contains("lacks column 'yy'", step.Error);
        Assert.DoesNotContain("attempt 2", step.Error);
        var run = Assert.Single(await Registry.ListRunsAsync("tiny", cancellationToken: Stop));
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("lacks column 'yy'", run.Tags["workbench.error"]);
        Assert.Empty(Directory.GetDirectories(Path.Combine(Data.Path, "jobs")));
    }

    [Fact]
    public async Task FineTune_OfTwoProcesses_GivesWhatAStepOfOneGives()
    {
        OpenMpi.SkipWhereAbsent();
        string texts = TinyText.NewFolder();
        var result = await StepActivities.Create(Registry).Find(FineTune.Type).ExecuteAsync(Context(FineTune.Type, "tune", 1, new JsonObject
        {
            ["modelName"] = "chat", ["base"] = Path.Combine(texts, "base"), ["data"] = Path.Combine(texts, "year-b.txt"), ["rank"] = 4, ["learningRate"] = 0.01, ["threads"] = 1, ["processes"] = 2,
        }), Stop);
        var version = await Registry.GetVersionAsync("chat", (int)result.Outputs["version"]!, Stop);
        var run = await Registry.GetRunAsync(version.RunId!.Value, Stop);
        Assert.Equal((RunStatus.Finished, run.Id.Value, FineTune.Done), (run.Status, (string)result.Outputs["runId"]!, result.Outcome));
        Assert.Equal(version.Metrics["perplexity_new_after"], (double)result.Outputs["metrics"]!["perplexity_new_after"]!);
        Assert.Equal(version.Metrics["perplexity_new_after"], Math.Exp(Assert.Single(await Registry.GetMetricHistoryAsync(run.Id, "validation_loss", Stop)).Value), 1e-6); // one epoch, which is the best
        Assert.Contains("perplexity on new text", result.Message);
        Directory.Delete(texts, recursive: true);
    }

    [Fact]
    public async Task Inputs_ThatNoRanksCanTake_AreRefused()
    {
        Task<StepResult> RunAsync(params (string Name, JsonNode? Value)[] inputs) => StepActivities.Create(Registry).Find(TrainModel.Type).ExecuteAsync(Context(TrainModel.Type, "s", 1, Inputs(inputs)), Stop);
        Assert.Contains("allowed is 1 to 4096", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync(("processes", 0)))).Message);
        Assert.Contains("'a:b' is no host", (await Assert.ThrowsAsync<CommandException>(() => RunAsync(("hosts", "a:b")))).Message);
        Assert.Contains("allowed: more than zero", (await Assert.ThrowsAsync<CommandException>(() => RunAsync(("processes", 2), ("stallTimeout", "00:00:00")))).Message);
        Assert.Contains("LightGbm grows in one process, and the input 'processes' asks for 2", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync(("processes", 2), ("family", "LightGbm")))).Message);
    }

    [Theory]
    [InlineData("LightGbm", 2, true)]
    [InlineData("FastTree", 1, false)]
    [InlineData("FtTransformer", 2, false)]
    public void Validate_TreesOnRanks_IsAnError(string family, int processes, bool isWrong)
    {
        static JsonObject Literal(JsonNode value) => new() { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };
        var activity = new JsonObject
        {
            ["id"] = "train", ["name"] = "train", ["type"] = TrainModel.Type, ["version"] = 1, ["modelName"] = Literal("m"), ["data"] = Literal("rows.csv"), ["label"] = Literal("y"),
            ["family"] = Literal(family), ["processes"] = Literal(processes.ToString(CultureInfo.InvariantCulture)), // as the designer saves it
        };
        var definition = WorkflowDefinition.Parse(new JsonObject
        {
            ["definitionId"] = "f", ["name"] = "f", ["root"] = new JsonObject { ["id"] = "r", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(activity), ["connections"] = new JsonArray() },
        });
        var errors = WorkflowValidator.Validate(definition, StepActivities.Catalog).Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.Message);
        Assert.Equal(isWrong ? [$"The family {family} grows in one process, and the input 'processes' asks for 2. Set it to 1, or take a network."] : [], errors);
    }

    private WorkbenchProcess Start(string step, int attempt, params (string Name, JsonNode? Value)[] inputs)
    {
        string request = Path.Combine(_folder, $"{step}-{attempt}-request.json");
        Context(TrainModel.Type, step, attempt, Inputs([("processes", 2), .. inputs])).Write(request);
        return WorkbenchProcess.Start(_folder, new Dictionary<string, string> { [DataFolder.EnvironmentVariable] = Data.Path }, ["step", "run", "--request", request, "--result", ResultOf(step, attempt)]);
    }

    private string ResultOf(string step, int attempt) => Path.Combine(_folder, $"{step}-{attempt}-result.json");

    private JsonObject Inputs((string Name, JsonNode? Value)[] inputs)
    {
        (string, JsonNode?)[] all = [("modelName", "tiny"), ("data", Path.Combine(_folder, "rows.csv")), ("label", "y"), ("idColumn", "id"), ("batchSize", 64), ("learningRate", 0.02), ("patience", 10_000), ("dropout", 0)];
        return new(all.Where(pair => inputs.All(input => input.Name != pair.Item1)).Concat(inputs).Select(input => KeyValuePair.Create(input.Item1, input.Item2)));
    }

    private static StepContext Context(string type, string step, int attempt, JsonObject inputs) => new()
    {
        RunId = "run1", StepId = step, DefinitionId = "flow", Version = 1, ActivityId = "a", ActivityName = "a", ActivityType = type, Attempt = attempt, Inputs = inputs, WorkflowInputs = [], Reason = "test", Actor = "test",
    };

    // Ranks of a supervisor that died end within ten seconds.
    private static async Task GoneAsync(WorkbenchProcess step)
    {
        var ranks = step.RankIds();
        Assert.Equal(2, ranks.Count);
        for (var until = DateTime.UtcNow + TimeSpan.FromSeconds(10); ranks.Values.Any(IsRank); await Task.Delay(50, Stop))
            Assert.True(DateTime.UtcNow < until, "A rank has outlived its job.");
    }

    private static bool IsRank(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("--request", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // It is gone.
        }
    }
}
