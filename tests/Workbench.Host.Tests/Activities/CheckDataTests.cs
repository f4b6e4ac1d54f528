using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Tests.Activities;

/// <summary>The gate before training, as steps run it.</summary>
public sealed class CheckDataTests
{
    private readonly ModelRegistry _registry = ModelRegistry.Open(TinyModel.NewFolder());
    private readonly string _table, _expectations;

    public CheckDataTests()
    {
        _table = Path.Combine(_registry.Folder.Path, "rows.csv");
        _expectations = Path.Combine(_registry.Folder.Path, "expectations.yaml");
        File.WriteAllLines(_table, ["id,age,y", .. Enumerable.Range(0, 200).Select(i => $"{i},{i % 50},{i % 2}")]);
    }

    [Fact]
    public async Task Run_ExpectationsKeptAndBroken_PassesAndFails()
    {
        File.WriteAllText(_expectations, "columns: {age: {range: [0, 49]}}");
        var passed = await RunAsync(CheckData.Type, ("data", _table), ("expectations", _expectations), ("key", new JsonArray("id")));
        Assert.Equal(("Passed", 200L, 0, 0), (passed.Outcome, (long)passed.Outputs["rows"]!, (int)passed.Outputs["errors"]!, (int)passed.Outputs["warnings"]!));

        File.WriteAllText(_expectations, "columns: {age: {range: [0, 39]}, id: {values: {allowed: ['1'], severity: warn}}}");
        var failed = await RunAsync(CheckData.Type, ("data", _table), ("expectations", _expectations), ("key", new JsonArray("age")));
        Assert.Equal("Failed", failed.Outcome);
        Assert.Equal((2, 1), ((int)failed.Outputs["errors"]!, (int)failed.Outputs["warnings"]!)); // the range and the key; the ids
        Assert.Equal("age, range: 0 to 39 expected, 40 of 200 (20 %), 40 to 49", (string?)failed.Outputs["findings"]![0]); // 10 of each 50
        Assert.Contains("0 to 39", await File.ReadAllTextAsync(Path.Combine(_registry.Folder.Reports, (string)failed.Outputs["report"]!), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_MaxAgeWithoutTime_IsRefused() =>
        Assert.Contains("'maxAge' needs 'time'", (await Assert.ThrowsAsync<WorkflowException>(() => RunAsync(CheckData.Type, ("data", _table), ("maxAge", "1.00:00:00")))).Message);

    [Fact]
    public async Task TrainModel_BrokenExpectations_TrainsNothingAndSaysWhy()
    {
        File.WriteAllText(_expectations, "columns: {age: {missing: 0}, label_at: {}}");

        var failure = await Assert.ThrowsAsync<DataException>(() => RunAsync(TrainModel.Type, ("modelName", "tiny"), ("data", _table), ("label", "y"), ("expectations", _expectations)));

        Assert.Contains("label_at, present: the column is there expected, no such column.", failure.Message);
        Assert.Contains("Unknown model 'tiny'", (await Assert.ThrowsAsync<RegistryException>(() => _registry.ListVersionsAsync("tiny", TestContext.Current.CancellationToken))).Message);
    }

    private Task<StepResult> RunAsync(string type, params (string Name, JsonNode? Value)[] inputs) => StepActivities.Create(_registry).Find(type).ExecuteAsync(new StepContext
    {
        RunId = "run1", StepId = "step1", DefinitionId = "flow", Version = 1, ActivityId = "check", ActivityName = "check", ActivityType = type, Attempt = 1,
        Inputs = new JsonObject(inputs.Select(input => KeyValuePair.Create(input.Name, input.Value))), WorkflowInputs = [], Reason = "test", Actor = "test",
    }, TestContext.Current.CancellationToken);
}
