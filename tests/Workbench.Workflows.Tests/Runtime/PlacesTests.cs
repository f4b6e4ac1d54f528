using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>How many steps a worker takes when some count as several.</summary>
public class PlacesTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task Claim_StepOfSeveralProcesses_TakesAsManyPlacesAndIsNotOvertaken()
    {
        await using var test = await CreateAsync();
        foreach (var flow in new[] { "one", "three", "one", "one" })
            await StartAsync(test, flow);

        var first = Assert.Single(await ClaimAsync(test, new(3, IsIdle: true))); // Of the places that are left three would take more, and those behind it wait.
        Assert.Equal(("one", 1), (first.Context.DefinitionId, first.Places));
        Assert.Empty(await ClaimAsync(test, new(2, IsIdle: false)));
        await test.Engine.Leases.CompleteAsync(first, new(), null, default);
        var second = Assert.Single(await ClaimAsync(test, new(3, IsIdle: true)));
        Assert.Equal(("three", 3), (second.Context.DefinitionId, second.Places));
        await test.Engine.Leases.CompleteAsync(second, new(), null, default);
        Assert.Equal(["one", "one"], (await ClaimAsync(test, new(3, IsIdle: true))).Select(step => step.Context.DefinitionId));
    }

    [Fact]
    public async Task Claim_StepThatTakesMoreThanThereIs_RunsAlone()
    {
        await using var test = await CreateAsync();
        await StartAsync(test, "three");
        await StartAsync(test, "one");
        Assert.Empty(await ClaimAsync(test, new(1, IsIdle: false)));
        Assert.Equal(3, Assert.Single(await ClaimAsync(test, new(2, IsIdle: true))).Places);
        Assert.Equal("one", Assert.Single(await ClaimAsync(test, new(2, IsIdle: true))).Context.DefinitionId); // Of another worker.
    }

    [Fact]
    public async Task Step_ThatWaitsForPlaces_SaysSoAndTheNodeSaysWhatIsTaken()
    {
        await using var test = await CreateAsync();
        await test.Store.BeatNodeAsync(new WorkflowNode { Name = "n", Instance = "i", Address = "", Machine = "m", ProcessId = 1, Parallelism = 4 });
        var run = await StartAsync(test, "three");
        Assert.Equal((StepStatus.Pending, "Waits until a node has 3 places free."), ((await test.RunAsync(run)).Steps[0].Status, (await test.RunAsync(run)).Steps[0].Message));
        await ClaimAsync(test, new(4, IsIdle: true));
        Assert.Null((await test.RunAsync(run)).Steps[0].Message);
        Assert.Equal(3, Assert.Single(await test.Store.ListNodesAsync()).RunningSteps);
    }

    [Fact]
    public async Task Worker_OfTwoPlaces_RunsNothingBesideAStepOfTwo()
    {
        await using var test = await CreateAsync();
        var (running, most) = (0, 0);
        foreach (var flow in new[] { "one", "two" })
            test.Executor.On(flow, async (step, cancellationToken) =>
            {
                int places = flow == "two" ? 2 : 1;
                most = Math.Max(most, Interlocked.Add(ref running, places));
                await Task.Delay(20, cancellationToken);
                Interlocked.Add(ref running, -places);
                return new();
            });
        var runs = new List<string>();
        foreach (var flow in new[] { "one", "two", "one", "one", "two", "two" })
            runs.Add(await StartAsync(test, flow));
        using var stop = new CancellationTokenSource();
        var worker = new WorkflowWorker(new WorkflowEngine(test.Store, TestEngine.Catalog, new() { PollInterval = TimeSpan.FromMilliseconds(20) }), test.Executor).RunAsync(2, stop.Token);
        foreach (var run in runs)
            while ((await test.RunAsync(run)).Status != RunStatus.Finished)
                await Task.Delay(20, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await worker;
        Assert.Equal(2, most);
    }

    private async Task<TestEngine> CreateAsync()
    {
        var test = await TestEngine.CreateAsync(kind: Kind);
        foreach (var (name, processes) in new[] { ("one", 1), ("two", 2), ("three", 3) })
            await test.Engine.PublishAsync(new FlowBuilder().Activity(name, "Test.Many", ("processes", FlowBuilder.Value("Int32", Expression.Literal, processes))).Build(name));
        return test;
    }

    private static Task<IReadOnlyList<LeasedStep>> ClaimAsync(TestEngine test, FreePlaces places) => test.Engine.Leases.ClaimAsync(new StepOwner("worker", "n"), places, default);

    private static async Task<string> StartAsync(TestEngine test, string workflow)
    {
        test.Time.Advance(TimeSpan.FromMilliseconds(1));
        return await test.Engine.StartRunAsync(workflow, null, new("test", "tester"));
    }
}

/// <summary>The same with several nodes' database.</summary>
public sealed class PlacesOnPostgresTests : PlacesTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
