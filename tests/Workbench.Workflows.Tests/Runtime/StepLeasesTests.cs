using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What happens to a step when attempts fail and workers die. Lease 15 s, as the options' default says.</summary>
public class StepLeasesTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    private static readonly TimeSpan BeyondLease = TimeSpan.FromSeconds(16);

    [Fact]
    public async Task Fail_WithAttemptsLeft_WaitsTwiceAsLongEachTime()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.Fails("a", "flaky", times: 2);
        var id = await test.StartAsync(Retrying(3));

        Assert.Equal(StepStatus.Pending, (await test.DrainAsync(id)).Steps[0].Status);
        test.Time.Advance(TimeSpan.FromSeconds(1.59)); // 2 s with a jitter of at least 0.8
        Assert.Single((await test.DrainAsync(id)).Steps, step => step.Attempt == 1);
        test.Time.Advance(TimeSpan.FromSeconds(0.81)); // at most 1.2 times 2 s
        Assert.Single((await test.DrainAsync(id)).Steps, step => step.Attempt == 2);
        test.Time.Advance(TimeSpan.FromSeconds(3.19));
        Assert.Single((await test.DrainAsync(id)).Steps, step => step.Attempt == 2);
        test.Time.Advance(TimeSpan.FromSeconds(1.61));
        var run = await test.DrainAsync(id);

        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
        Assert.Equal([1, 2, 3], test.Executor.Calls.Select(call => call.Attempt));
        Assert.Equal(["Started", "a Started", "a Retrying", "a Started", "a Retrying", "a Started", "a Completed", "Completed"], await test.EventsAsync(id));
    }

    [Fact]
    public async Task Fail_LastAttemptOrPermanent_FaultsTheRun()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", _ => throw new StepFailedException("wrong use", isRetryable: false));
        var run = await test.DrainAsync(await test.StartAsync(Retrying(3)));
        Assert.Equal((RunSubStatus.Faulted, "a: wrong use", 1), (run.SubStatus, run.Fault, run.Steps[0].Attempt));
    }

    [Fact]
    public async Task Timeout_StepThatHangs_IsStoppedAndFails()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var begun = test.Executor.Hangs("a");
        var definition = new FlowBuilder().Activity("a", "Test.Work", ("customProperties", new System.Text.Json.Nodes.JsonObject { ["timeout"] = "00:00:10" })).Build();
        var id = await test.StartAsync(definition);
        var running = test.Worker.ExecuteNextAsync();
        await begun.WaitAsync(TimeSpan.FromSeconds(30));

        test.Time.Advance(TimeSpan.FromSeconds(10));
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        var run = await test.RunAsync(id);
        Assert.Equal(RunSubStatus.Faulted, run.SubStatus);
        Assert.StartsWith("a: The step did not end within 00:00:10.", run.Fault);
    }

    [Fact]
    public async Task Claim_AfterLeaseEnded_StartsAgainAndVoidsTheOldAttempt()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());
        var dead = await test.Engine.Leases.ClaimAsync("dead", default);
        Assert.NotNull(dead);
        Assert.False(await test.Worker.ExecuteNextAsync());

        test.Time.Advance(BeyondLease);
        await test.Engine.Leases.ReapAsync(default);
        var alive = await test.Engine.Leases.ClaimAsync("alive", default);
        Assert.NotNull(alive);

        Assert.Equal(2, alive.Context.Attempt);
        Assert.Equal(LeaseState.Lost, await test.Engine.Leases.HeartbeatAsync(dead, null, default));
        Assert.False(await test.Engine.Leases.CompleteAsync(dead, new() { Outcome = "Done" }, null, default));
        Assert.False(await test.Engine.Leases.FailAsync(dead, "late", true, null, default));
        Assert.Equal(StepStatus.Running, (await test.RunAsync(id)).Steps[0].Status);
        Assert.True(await test.Engine.Leases.CompleteAsync(alive, new(), null, default));
        Assert.False(await test.Engine.Leases.CompleteAsync(alive, new(), null, default));
        Assert.Single(await test.EventsAsync(id), entry => entry == "a Completed");
    }

    [Fact]
    public async Task Heartbeat_InTime_KeepsTheStep()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());
        var step = await test.Engine.Leases.ClaimAsync("slow", default);
        Assert.NotNull(step);
        for (var beat = 0; beat < 4; beat++)
        {
            test.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(LeaseState.Held, await test.Engine.Leases.HeartbeatAsync(step, new($"epoch {beat}", "a.log"), default));
        }
        Assert.Null(await test.Engine.Leases.ClaimAsync("other", default));
        var shown = (await test.RunAsync(id)).Steps[0];
        Assert.Equal(("epoch 3", "a.log", 1), (shown.Message, shown.LogFile, shown.Attempt));
    }

    [Fact]
    public async Task Reap_StepThatKillsItsWorkers_IsFaultedAtLast()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("poison", "next").Edges("poison -> next").Build());
        for (var claim = 1; claim <= 4; claim++)
        {
            Assert.Equal(claim, (await test.Engine.Leases.ClaimAsync($"worker-{claim}", default))?.Context.Attempt);
            test.Time.Advance(BeyondLease);
            await test.Engine.Leases.ReapAsync(default);
        }

        var run = await test.DrainAsync(id);

        Assert.Empty(test.Executor.Names);
        Assert.Equal(RunSubStatus.Faulted, run.SubStatus);
        Assert.StartsWith("poison: The worker died while running it, 4 times (the last was worker-4).", run.Fault);
    }

    [Fact]
    public async Task Reap_CancelledRunWhoseWorkerDied_EndsCancelled()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());
        await test.Engine.Leases.ClaimAsync("dead", default);
        await test.Engine.CancelRunAsync(id, "stop", "me");
        test.Time.Advance(BeyondLease);

        var run = await test.DrainAsync(id);

        Assert.Equal((RunStatus.Finished, RunSubStatus.Cancelled), (run.Status, run.SubStatus));
        Assert.Empty(test.Executor.Names);
    }

    [Fact]
    public async Task ExecuteNext_WorkerStopped_HandsTheStepBackWithoutCost()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var begun = test.Executor.Hangs("a");
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());
        using var stop = new CancellationTokenSource();
        var running = test.Worker.ExecuteNextAsync(stop.Token);
        await begun.WaitAsync(TimeSpan.FromSeconds(30));

        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(StepStatus.Pending, (await test.RunAsync(id)).Steps[0].Status);
        test.Executor.On("a", _ => new StepResult());
        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(id)).SubStatus);
    }

    [Fact]
    public async Task ExecuteNext_StepThatDoesNotStop_IsGivenUpAfterTheGrace()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var begun = new TaskCompletionSource();
        test.Executor.On("a", async (_, _) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return new();
        });
        var definition = new FlowBuilder().Activity("a", "Test.Work", ("customProperties", new System.Text.Json.Nodes.JsonObject { ["timeout"] = "00:00:10" })).Build();
        var id = await test.StartAsync(definition);
        var running = test.Worker.ExecuteNextAsync();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var deadline = Task.Delay(TimeSpan.FromSeconds(30));
        while (!running.IsCompleted && !deadline.IsCompleted)
        {
            test.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await running.WaitAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(RunSubStatus.Faulted, (await test.RunAsync(id)).SubStatus);
    }

    [Fact]
    public async Task Run_TwoWorkers_ShareTheStepsAndRunEachOnce()
    {
        await using var store = await TestStore.CreateAsync(kind: Kind);
        var engine = new WorkflowEngine(store.Store, TestEngine.Catalog, new() { PollInterval = TimeSpan.FromMilliseconds(20) });
        var executor = new ScriptedExecutor();
        var names = Enumerable.Range(0, 12).Select(index => $"s{index}").ToArray();
        await engine.PublishAsync(new FlowBuilder().Steps(["first", .. names, "last"])
            .Edges(string.Join(", ", names.Select(name => $"first -> {name} -> last"))).Build());
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var workers = Enumerable.Range(0, 2).Select(_ => new WorkflowWorker(engine, executor).RunAsync(3, stop.Token)).ToList();

        var id = await engine.StartRunAsync("flow", null, new("test", "tester"), stop.Token);
        var run = await engine.WaitForRunAsync(id, stop.Token);
        await stop.CancelAsync();
        await Task.WhenAll(workers);

        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
        Assert.Equal(["first", .. names, "last"], executor.Names.OrderBy(name => name == "first" ? -1 : name == "last" ? 99 : int.Parse(name[1..])));
        Assert.Equal("last", executor.Names[^1]);
    }

    [Theory]
    [InlineData(1, 1600, 2400)]
    [InlineData(3, 6400, 9600)]
    [InlineData(20, 240_000, 360_000)]
    public void Pause_ByFailures_DoublesUpToTheLongest(int failures, double from, double below)
    {
        // 2 s doubled failures-1 times, at most 5 min, times 0.8 to 1.2.
        var pauses = Enumerable.Range(0, 200)
            .Select(key => RetryBackoff.Pause(TimeSpan.FromSeconds(2), failures, TimeSpan.FromMinutes(5), $"run/{key}").TotalMilliseconds).ToList();
        Assert.All(pauses, pause => Assert.InRange(pause, from, below));
        Assert.InRange(pauses.Average(), (from + below) / 2 * 0.95, (from + below) / 2 * 1.05);
    }

    private static Model.WorkflowDefinition Retrying(int attempts) => new FlowBuilder()
        .Activity("a", "Test.Work", ("customProperties", new System.Text.Json.Nodes.JsonObject { ["maxAttempts"] = attempts })).Build();
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class StepLeasesOnPostgresTests : StepLeasesTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
