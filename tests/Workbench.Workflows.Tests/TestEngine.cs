using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows;

/// <summary>An engine and one worker on a database of their own; time moves only when the test says so.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly TestStore _store;

    private TestEngine(TestStore store, FakeTimeProvider time, WorkflowEngineOptions? options, IWaitCheck? check)
    {
        (_store, Time) = (store, time);
        Engine = new(store.Store, Catalog, options, time);
        Worker = new(Engine, Executor, check: check);
    }

    public static ActivityCatalog Catalog { get; } = new(
        new ActivityDescriptor("Test.Work") { HasOpenOutputs = true, Inputs = [new("Number", "Int32")], RetryDelay = TimeSpan.FromSeconds(2) },
        new ActivityDescriptor("Test.Many") { Inputs = [new("processes", "Int32")], PlacesInput = "processes" },
        new ActivityDescriptor("Test.Ask") { Outcomes = ["True", "False"] },
        new ActivityDescriptor("Test.Wait") { IsPolled = true, Inputs = [new("Path"), new("Deadline", "TimeSpan")], Outputs = [new("Files")], Outcomes = [PolledActivity.Found, PolledActivity.TimedOut] },
        ApprovalActivity.Describe("Test.Approve", new InputDescriptor("Report")),
        new ActivityDescriptor("Test.Gate") { Outcomes = ["Passed", "Refused"], Inputs = [new("Model") { IsRequired = true }] });

    public FakeTimeProvider Time { get; }
    public WorkflowEngine Engine { get; }
    public WorkflowWorker Worker { get; }
    public ScriptedExecutor Executor { get; } = new();
    public WorkflowStore Store => Engine.Store;

    public static async Task<TestEngine> CreateAsync(WorkflowEngineOptions? options = null, DatabaseKind kind = DatabaseKind.Sqlite, IWaitCheck? check = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2025, 4, 8, 0, 0, 0, TimeSpan.Zero));
        return new(await TestStore.CreateAsync(time, kind), time, options, check);
    }

    /// <summary>Publishes without validation, so that a test can run what the engine would refuse.</summary>
    public async Task<string> StartAsync(WorkflowDefinition definition, JsonObject? inputs = null)
    {
        await Store.SaveDefinitionAsync(definition, publish: true);
        return await Engine.StartRunAsync(definition.DefinitionId, inputs, new("test", "tester"));
    }

    /// <summary>Runs steps, one after the other, until none may start now.</summary>
    public async Task<WorkflowRun> DrainAsync(string runId)
    {
        while (await Worker.ExecuteNextAsync())
        {
        }
        return await RunAsync(runId);
    }

    public async Task<WorkflowRun> RunAsync(string runId) =>
        await Store.GetRunAsync(runId) ?? throw new InvalidOperationException($"No run '{runId}'.");

    public async Task<IReadOnlyList<string>> EventsAsync(string runId) =>
        [.. (await Store.GetJournalAsync(runId)).Select(entry => entry.StepId is null ? entry.EventName : $"{entry.StepId} {entry.EventName}")];

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
