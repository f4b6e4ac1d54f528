using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

[Collection(nameof(Alone))]
public class WaitingAtScaleTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task Wait_ThousandApprovals_CostNoThreadsAndLittleMemory()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Asking(), publish: true);
        await test.Engine.StartRunAsync("flow", null, new("test", "me"));
        var (threads, bytes) = (ThreadPool.ThreadCount, GC.GetTotalMemory(forceFullCollection: true));

        for (var number = 0; number < 1000; number++)
            await test.Engine.StartRunAsync("flow", null, new("test", "me"));
        for (var sweep = 0; sweep < 20; sweep++)
            Assert.False(await test.Worker.ExecuteNextAsync());

        Assert.Equal(1001, (await test.Store.ListApprovalsAsync(new() { Status = ApprovalStatus.Waiting, Take = 2000 })).Count);
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 4); // The pool itself may add a few for the database's work.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - bytes, long.MinValue, 2 << 20); // A held object a run would show: 2 KiB each.
    }

    /// <summary>Two engines, as on two nodes, on one database and the real clock: whoever comes first, everything happens once.</summary>
    [Fact]
    public async Task Run_TwoNodes_EachWaitEndsOnce()
    {
        await using var store = await TestStore.CreateAsync(kind: Kind);
        var executor = new ScriptedExecutor();
        var engines = Enumerable.Range(0, 2).Select(_ => new WorkflowEngine(store.Store, TestEngine.Catalog, new() { PollInterval = TimeSpan.FromMilliseconds(20) })).ToList();
        await store.Store.SaveDefinitionAsync(new FlowBuilder().Steps("work").Build("child"), publish: true);
        await store.Store.SaveDefinitionAsync(Everything(), publish: true);
        using var stop = new CancellationTokenSource();
        var workers = engines.Select(engine => new WorkflowWorker(engine, executor).RunAsync(2, stop.Token)).ToList();

        var runs = new List<string>();
        for (var number = 0; number < 20; number++)
            runs.Add(await engines[number % 2].StartRunAsync("flow", null, new("test", "me") { CorrelationId = $"{number}" }));
        foreach (var run in runs)
            await DecideAsync(engines[1], run);
        var ended = await Task.WhenAll(runs.Select(run => engines[0].WaitForRunAsync(run).WaitAsync(TimeSpan.FromSeconds(60))));
        await stop.CancelAsync();
        await Task.WhenAll(workers);

        Assert.All(ended, run => Assert.Equal((RunSubStatus.Finished, "start delay ask child publish on after"), (run.SubStatus, string.Join(' ', run.Steps.Select(step => step.StepId)))));
        Assert.Equal(40, executor.Names.Count); // Each run's own step and its child's.
        Assert.Empty(await store.Store.ListBookmarksAsync());
    }

    private static async Task DecideAsync(WorkflowEngine engine, string run)
    {
        var patience = TimeProvider.System.GetTimestamp();
        IReadOnlyList<Approval> asked;
        while ((asked = await engine.Store.ListApprovalsAsync(new() { RunId = run })).Count == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(30), "The run does not ask.");
            await Task.Delay(20);
        }
        Assert.True((await engine.DecideAsync(asked[0].Id, true, "ada", null)).IsRecorded);
    }

    private static WorkflowDefinition Asking() => new FlowBuilder().Activity("start", "Elsa.Start").Activity("ask", "Test.Approve").Edges("start -> ask").Build();

    private static WorkflowDefinition Everything() => new FlowBuilder().Activity("start", "Elsa.Start")
        .Activity("delay", "Elsa.Delay", ("timeSpan", FlowBuilder.Value("TimeSpan", "Literal", "00:00:00.100")))
        .Activity("ask", "Test.Approve").Activity("child", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", FlowBuilder.Value("String", "Literal", "child")))
        .Activity("publish", "Elsa.PublishEvent", ("eventName", FlowBuilder.Value("String", "Literal", "go")), ("correlationId", FlowBuilder.Value("String", "JavaScript", "getCorrelationId()")))
        .Activity("on", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "go"))).Steps("after")
        .Edges("start -> delay -> ask, ask:Approved -> child, child -> publish, child -> on, publish -> after, on -> after").Build();
}

/// <summary>The same on PostgreSQL.</summary>
[Collection(nameof(Alone))]
public sealed class WaitingAtScaleOnPostgresTests : WaitingAtScaleTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
