using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Whose turn it is, and what limits hold back.</summary>
public class ClaimingTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task Claim_Priority_GoesBeforeAge()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a", "b").Edges("a -> b").Build());
        var old = await StartAsync(test, "flow");
        var young = await StartAsync(test, "flow");
        var urgent = await StartAsync(test, "flow", priority: 5);

        while (await test.Worker.ExecuteNextAsync())
        {
        }

        // Highest priority first; then the older run to its end, before the younger begins.
        Assert.Equal([urgent, urgent, old, old, young, young], test.Executor.Calls.Select(call => call.RunId));
    }

    [Fact]
    public async Task StartRun_PriorityOfTheWorkflow_IsTakenUnlessTheRunSays()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Setting("priority", 3).Build());
        Assert.Equal(3, (await test.RunAsync(await StartAsync(test, "flow"))).Priority);
        Assert.Equal(-1, (await test.RunAsync(await StartAsync(test, "flow", priority: -1))).Priority);
    }

    [Fact]
    public async Task Claim_ResourceInUse_HoldsBackOnlyWhatNeedsIt()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SetResourceLimitAsync("gpu", 2);
        await test.Engine.PublishAsync(Gpu("train", 1));
        await test.Engine.PublishAsync(new FlowBuilder().Steps("free").Build("plain"));
        for (var run = 0; run < 3; run++)
            await StartAsync(test, "train");
        await StartAsync(test, "plain");

        var first = await ClaimAsync(test);
        var second = await ClaimAsync(test);
        var third = await ClaimAsync(test);

        Assert.Equal(["train", "train", "plain"], new[] { first, second, third }.Select(step => step?.Context.DefinitionId));
        Assert.Null(await ClaimAsync(test));
        Assert.Equal(new ResourceLimit("gpu", 2, 2), Assert.Single(await test.Store.ListResourceLimitsAsync()));
        Assert.True(await test.Engine.Leases.CompleteAsync(first!, new(), null, default));
        Assert.Equal("train", (await ClaimAsync(test))?.Context.DefinitionId);
    }

    [Fact]
    public async Task Claim_StepThatNeedsMuch_IsNotOvertakenByThoseThatNeedLittle()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SetResourceLimitAsync("gpu", 2);
        await test.Engine.PublishAsync(Gpu("small", 1));
        await test.Engine.PublishAsync(Gpu("large", 2));
        await StartAsync(test, "small");
        await StartAsync(test, "large");
        await StartAsync(test, "small");

        var small = await ClaimAsync(test);
        Assert.Equal("small", small?.Context.DefinitionId);
        Assert.Null(await ClaimAsync(test)); // One is free, but it is kept for the older run.
        await test.Engine.Leases.CompleteAsync(small!, new(), null, default);
        var large = await ClaimAsync(test);
        Assert.Equal("large", large?.Context.DefinitionId);
        Assert.Null(await ClaimAsync(test));
        await test.Engine.Leases.CompleteAsync(large!, new(), null, default);
        Assert.Equal("small", (await ClaimAsync(test))?.Context.DefinitionId);
    }

    [Fact]
    public async Task Claim_ResourceThatNobodySet_IsOneAndHeldWhileTheLeaseLasts()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(Gpu("train", 1));
        await StartAsync(test, "train");
        await StartAsync(test, "train");

        Assert.NotNull(await ClaimAsync(test));
        Assert.Null(await ClaimAsync(test));
        test.Time.Advance(TimeSpan.FromSeconds(16)); // The worker is dead and its lease has ended.
        Assert.NotNull(await ClaimAsync(test));
    }

    [Fact]
    public async Task Claim_MoreThanThereIs_FaultsTheStepAndGoesOn()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SetResourceLimitAsync("gpu", 2);
        await test.Engine.PublishAsync(Gpu("huge", 3));
        await test.Engine.PublishAsync(Gpu("small", 1));
        var huge = await StartAsync(test, "huge");
        var small = await StartAsync(test, "small");

        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(small)).SubStatus);
        Assert.Equal("train: The step needs gpu: 3, but there is 2 in all. Lower customProperties.resources, or raise the limit.", (await test.RunAsync(huge)).Fault);
    }

    [Fact]
    public async Task Claim_CapacityOfNone_HoldsBackUntilItIsRaised()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SetResourceLimitAsync("gpu", 0);
        await test.Engine.PublishAsync(Gpu("train", 1));
        var id = await StartAsync(test, "train");
        Assert.Equal(RunStatus.Running, (await test.DrainAsync(id)).Status);
        await test.Store.SetResourceLimitAsync("gpu", 1);
        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(id)).SubStatus);
    }

    [Fact]
    public async Task Claim_StepsOfAWorkflow_AreLimitedOverItsRuns()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("s", "a", "b").Edges("s -> a, s -> b").Setting("maxConcurrentSteps", 2).Build("two"));
        await test.Engine.PublishAsync(new FlowBuilder().Steps("free").Build("plain"));
        for (var run = 0; run < 3; run++)
            await StartAsync(test, "two");
        await StartAsync(test, "plain");

        Assert.Equal(["two", "two", "plain", null], await Repeat(4, async () => (await ClaimAsync(test))?.Context.DefinitionId));
    }

    [Fact]
    public async Task StartRun_BeyondTheWorkflowsRuns_WaitsInOrderOfPriority()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Setting("maxConcurrentRuns", 1).Build());
        var first = await StartAsync(test, "flow");
        var second = await StartAsync(test, "flow");
        var urgent = await StartAsync(test, "flow", priority: 1);
        var cancelled = await StartAsync(test, "flow", priority: 2);

        Assert.Equal((RunStatus.Running, RunSubStatus.Pending, 0), await StateAsync(test, second));
        Assert.True(await test.Engine.CancelRunAsync(cancelled, "not needed", "me"));
        var begun = await ClaimAsync(test);
        await test.Engine.Queue.AdmitAsync(default);
        Assert.Equal(RunSubStatus.Pending, (await test.RunAsync(urgent)).SubStatus); // The first still goes on.
        await test.Engine.Leases.CompleteAsync(begun!, new(), null, default);
        while (await test.Worker.ExecuteNextAsync())
        {
        }

        Assert.Equal(first, begun?.Context.RunId);
        Assert.Equal([urgent, second], test.Executor.Calls.Select(call => call.RunId));
        Assert.Equal((RunStatus.Finished, RunSubStatus.Cancelled, 0), await StateAsync(test, cancelled));
        Assert.Equal(["Started", "a Started", "a Completed", "Completed"], await test.EventsAsync(second));
    }

    [Fact]
    public async Task Publish_NewLimits_CountForRunsThatWaitAlready()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Setting("maxConcurrentRuns", 1).Build());
        await StartAsync(test, "flow");
        var waiting = await StartAsync(test, "flow");
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a", "b").Edges("a -> b").Build());
        await test.Engine.Queue.AdmitAsync(default);
        Assert.Equal((RunStatus.Running, RunSubStatus.Executing, 1), await StateAsync(test, waiting));
    }

    [Fact]
    public async Task Run_ManyWorkersAndFewPlaces_NeverMoreAtOnce()
    {
        await using var store = await TestStore.CreateAsync(kind: Kind);
        await store.Store.SetResourceLimitAsync("gpu", 2);
        var engine = new WorkflowEngine(store.Store, TestEngine.Catalog, new() { PollInterval = TimeSpan.FromMilliseconds(20) });
        var (now, most, runsNow, mostRuns) = (0, 0, new HashSet<string>(), 0);
        var executor = new ScriptedExecutor();
        foreach (var name in new[] { "train", "more" })
            executor.On(name, async (context, cancellationToken) =>
            {
                lock (runsNow)
                {
                    most = Math.Max(most, ++now);
                    runsNow.Add(context.RunId);
                    mostRuns = Math.Max(mostRuns, runsNow.Count);
                }
                await Task.Delay(50, cancellationToken); // Longer than a claim takes on a busy machine.
                lock (runsNow)
                {
                    now--;
                    if (context.ActivityName == "more")
                        runsNow.Remove(context.RunId);
                }
                return new();
            });
        await engine.PublishAsync(new FlowBuilder().Step("train", ("resources", new JsonObject { ["gpu"] = 1 })).Step("more", ("resources", new JsonObject { ["gpu"] = 1 }))
            .Edges("train -> more").Setting("maxConcurrentRuns", 3).Build());
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var workers = Enumerable.Range(0, 4).Select(_ => new WorkflowWorker(engine, executor).RunAsync(3, stop.Token)).ToList();

        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => engine.StartRunAsync("flow", null, new("test", "tester"), stop.Token)));
        foreach (var run in runs)
            Assert.Equal(RunSubStatus.Finished, (await engine.WaitForRunAsync(run, stop.Token)).SubStatus);
        await stop.CancelAsync();
        await Task.WhenAll(workers);

        Assert.Equal((24, 2), (executor.Calls.Count, most));
        Assert.InRange(mostRuns, 1, 3);
    }

    [Theory]
    [InlineData("maxConcurrentRuns", "0", "customProperties.maxConcurrentRuns is 0; allowed are whole numbers from 1 to 1000.")]
    [InlineData("maxConcurrentSteps", "\"2\"", "customProperties.maxConcurrentSteps is \"2\"; allowed are whole numbers from 1 to 1000.")]
    [InlineData("priority", "1001", "customProperties.priority is 1001; allowed are whole numbers from -1000 to 1000.")]
    public async Task Publish_WrongSetting_SaysWhatIsAllowed(string name, string value, string expected)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var failure = await Assert.ThrowsAsync<WorkflowException>(() =>
            test.Engine.PublishAsync(new FlowBuilder().Steps("a").Setting(name, JsonNode.Parse(value)!).Build()));
        Assert.Contains(expected, failure.Message);
    }

    [Theory]
    [InlineData("""{"gpu": 0}""", "customProperties.resources has 'gpu': 0; allowed are names of letters")]
    [InlineData("""{"the gpu": 1}""", "customProperties.resources has 'the gpu': 1; allowed are names of letters")]
    [InlineData("\"gpu\"", "customProperties.resources is \"gpu\"; allowed is an object such as {\"gpu\": 1}.")]
    public async Task Publish_WrongResources_SaysWhatIsAllowed(string value, string expected)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var failure = await Assert.ThrowsAsync<WorkflowException>(() =>
            test.Engine.PublishAsync(new FlowBuilder().Step("a", ("resources", JsonNode.Parse(value))).Build()));
        Assert.Contains(expected, failure.Message);
    }

    private static Model.WorkflowDefinition Gpu(string name, int amount) =>
        new FlowBuilder().Step("train", ("resources", new JsonObject { ["gpu"] = amount })).Build(name);

    private static async Task<string> StartAsync(TestEngine test, string workflow, int? priority = null)
    {
        test.Time.Advance(TimeSpan.FromMilliseconds(1));
        return await test.Engine.StartRunAsync(workflow, null, new("test", "tester") { Priority = priority });
    }

    private static Task<LeasedStep?> ClaimAsync(TestEngine test) => test.Engine.Leases.ClaimAsync("worker", default);

    private static async Task<(RunStatus, RunSubStatus, int)> StateAsync(TestEngine test, string id)
    {
        var run = await test.RunAsync(id);
        return (run.Status, run.SubStatus, run.Steps.Count);
    }

    private static async Task<List<T>> Repeat<T>(int times, Func<Task<T>> work)
    {
        var results = new List<T>();
        for (var time = 0; time < times; time++)
            results.Add(await work());
        return results;
    }
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class ClaimingOnPostgresTests : ClaimingTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
