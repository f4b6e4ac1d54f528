using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What engines on one database do to one another.</summary>
public class ManyNodesTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task Worker_OfAnotherNode_HearsOfARunBeforeItLooks()
    {
        await using var test = await TestStore.CreateAsync(kind: Kind);
        await using var other = WorkflowStore.Open(test.Database);
        // It would look only after a minute.
        var options = new WorkflowEngineOptions { PollInterval = TimeSpan.FromMinutes(1) };
        var executor = new ScriptedExecutor();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        executor.On("b", _ =>
        {
            begun.SetResult();
            return new();
        });
        using var stop = new CancellationTokenSource();
        var worker = new WorkflowWorker(new WorkflowEngine(other, TestEngine.Catalog, options), executor, "elsewhere").RunAsync(1, stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken); // Until it has looked, found nothing, and listens.

        var engine = new WorkflowEngine(test.Store, TestEngine.Catalog);
        await engine.PublishAsync(new FlowBuilder().Steps("a", "b").Edges("a -> b").Build());
        var run = await engine.StartRunAsync("flow", null, new("test", "tester"));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await worker;
        Assert.All((await test.Store.GetRunAsync(run))!.Steps, step => Assert.Equal("elsewhere", step.Node));
    }

    [Fact]
    public async Task Claim_Several_InOneTransactionAndInOrder()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Build());
        var runs = new List<string>();
        for (var run = 0; run < 5; run++)
        {
            runs.Add(await test.Engine.StartRunAsync("flow", null, new("test", "tester")));
            test.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        var first = await test.Engine.Leases.ClaimAsync(new StepOwner("w1", "n1"), new FreePlaces(3, IsIdle: true), default);
        var second = await test.Engine.Leases.ClaimAsync(new StepOwner("w2", "n2"), new FreePlaces(3, IsIdle: true), default);
        Assert.Equal(runs[..3], first.Select(step => step.Context.RunId));
        Assert.Equal(runs[3..], second.Select(step => step.Context.RunId));
        Assert.Equal(("n1", 1), ((await test.RunAsync(runs[0])).Steps[0].Node, first[0].Context.Attempt));
    }

    [Fact]
    public async Task Claim_SeveralThatNeedALimit_NeverTakesMoreThanThereIs()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SetResourceLimitAsync("gpu", 2);
        await test.Engine.PublishAsync(new FlowBuilder().Activity("a", "Test.Work", ("customProperties", new JsonObject { ["resources"] = new JsonObject { ["gpu"] = 1 } })).Build());
        for (var run = 0; run < 6; run++)
            await test.Engine.StartRunAsync("flow", null, new("test", "tester"));
        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => test.Engine.Leases.ClaimAsync(new StepOwner($"w{worker}", "n"), new FreePlaces(4, IsIdle: true), default))));
        var claimed = claims.Sum(claim => claim.Count);
        while (await test.Engine.Leases.ClaimAsync(new StepOwner("late", "n"), new FreePlaces(4, IsIdle: true), default) is { Count: > 0 } more)
            claimed += more.Count;
        Assert.Equal(2, claimed);
    }

    /// <summary>A draft keeps its version while no run is pinned to it, so a retracted version may change under a start that has read it.</summary>
    [Fact]
    public async Task StartRun_DefinitionChangesMeanwhile_NothingIsInsertedForWhatWasRead()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("before").Build());
        var read = await test.Engine.PrepareAsync("flow", null, new("test", "tester"), default);
        await test.Store.RetractAsync("flow");
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Steps("after").Build(), publish: false);
        var changed = await test.Engine.PublishAsync(new FlowBuilder().Steps("after").Build());
        Assert.Equal(read.Row.DefinitionVersionId, changed.Id); // the same version, with another content

        await Assert.ThrowsAsync<DefinitionChangedException>(() => InsertAsync(test, read));
        Assert.Empty(await test.Store.ListRunsAsync(new RunFilter()));
        var run = await test.DrainAsync(await test.Engine.StartRunAsync("flow", null, new("test", "tester")));
        Assert.Equal(["after"], run.Steps.Select(step => step.ActivityId));
        Assert.Equal(["after"], test.Executor.Names);
    }

    [Fact]
    public async Task StartRun_RacesWithRetractAndPublish_EachRunIsWhatItsVersionSays()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("s0").Build());
        using var stop = new CancellationTokenSource();
        var editing = Task.Run(async () =>
        {
            for (var edit = 1; edit <= 30; edit++)
            {
                await test.Store.RetractAsync("flow");
                await test.Store.SaveDefinitionAsync(new FlowBuilder().Steps($"s{edit}").Build(), publish: false);
                await test.Engine.PublishAsync(new FlowBuilder().Steps($"s{edit}").Build());
            }
            await stop.CancelAsync();
        });
        var runs = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                runs.Add(await test.Engine.StartRunAsync("flow", null, new("test", "tester")));
            }
            catch (WorkflowException failure) when (failure.Message.Contains("is a draft") || failure.Message.Contains("changed again and again"))
            {
                // Retracted at this moment.
            }
        }
        await editing;
        foreach (var id in runs)
        {
            var run = await test.RunAsync(id);
            var version = await test.Store.GetVersionAsync("flow", run.Version);
            Assert.Equal(Ids(version!), run.Steps.Select(step => step.ActivityId));
        }
    }

    private static IEnumerable<string> Ids(WorkflowDefinition definition) => definition.Root.Activities.Select(activity => activity.Id);

    private static Task<string> InsertAsync(TestEngine test, NewRun run) => test.Store.Database.WriteAsync(
        (connection, transaction) => test.Engine.InsertAsync(new RunTransaction(connection, transaction, test.Store.Database), run), default);
}

/// <summary>The same in PostgreSQL.</summary>
public sealed class ManyNodesOnPostgresTests : ManyNodesTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
