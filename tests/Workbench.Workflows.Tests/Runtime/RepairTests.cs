using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Runs that are repaired: expected steps follow from the shape by hand.</summary>
public class RepairTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task RetryStep_FaultedRun_GoesOnFromThereAndStartsWhatWasStopped()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("bad", context => context.StepId == "bad" ? throw new InvalidOperationException("no disk") : new StepResult());
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "bad", "other", "join").Edges("a -> bad -> join, a -> other -> join").Build());
        Assert.Equal(RunSubStatus.Faulted, (await test.DrainAsync(id)).SubStatus);
        Assert.Equal(["a", "bad"], test.Executor.Names);

        await test.Engine.RetryStepAsync(id, "bad", "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal((RunStatus.Finished, RunSubStatus.Finished, null, 0, 2), (run.Status, run.SubStatus, run.Fault, run.IncidentCount, run.Generation));
        Assert.Equal(["a", "bad", "bad", "other", "join"], test.Executor.Names);
        Assert.Equal(
            [("a", StepStatus.Completed, 1, false), ("bad", StepStatus.Faulted, 1, true), ("other", StepStatus.Canceled, 1, true),
             ("bad~2", StepStatus.Completed, 2, false), ("other~2", StepStatus.Completed, 2, false), ("join", StepStatus.Completed, 2, false)],
            run.Steps.Select(step => (step.StepId, step.Status, step.Generation, step.IsReplaced)));
        Assert.Equal("no disk", run.Steps[1].Error); // Earlier results stay.
        Assert.Contains((await test.Store.GetJournalAsync(id)), entry => entry is { EventName: "Repaired", Message: "ann runs 'bad' and what follows it again." });
    }

    [Fact]
    public async Task RetryRun_ContinuedWithIncidents_RunsTheJoinAgain()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("bad", context => context.StepId == "bad" ? throw new InvalidOperationException("no disk") : new StepResult());
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "bad", "good", "join").ContinueWithIncidents().Edges("a -> bad -> join, a -> good -> join").Build());
        Assert.Equal(["a", "bad", "good", "join"], (await test.DrainAsync(id)).Steps.Select(step => step.StepId));

        await test.Engine.RetryRunAsync(id, "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
        Assert.Equal(["a", "good", "bad~2", "join~2"], Current(run));
    }

    [Fact]
    public async Task RetryStep_CompletedStep_SeesTheVariablesOfItsTime()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var definition = new FlowBuilder().Variable("v", "Int32", 0).Variable("w", "Int32", 0)
            .Activity("a", "Test.Work", ("v", FlowBuilder.Output("v")))
            .Activity("b", "Test.Work", ("number", FlowBuilder.Value("Int32", "Variable", "v")), ("v", FlowBuilder.Output("v")))
            .Activity("side", "Test.Work", ("w", FlowBuilder.Output("w")))
            .Activity("c", "Test.Work", ("number", FlowBuilder.Value("Int32", "Variable", "v")), ("parameters", FlowBuilder.Value("Int32", "Variable", "w")), ("v", FlowBuilder.Output("v")))
            .Edges("a -> b -> c, a -> side -> c").Build();
        test.Executor
            .On("a", _ => new StepResult { Outputs = new() { ["v"] = 1 } })
            .On("b", context => new StepResult { Outputs = new() { ["v"] = context.Inputs["number"]!.GetValue<int>() * 10 } })
            .On("side", _ => new StepResult { Outputs = new() { ["w"] = 7 } })
            .On("c", _ => new StepResult { Outputs = new() { ["v"] = 1000 } });
        var id = await test.StartAsync(definition);
        Assert.Equal("""{"v":1000,"w":7}""", (await test.DrainAsync(id)).Variables.ToJsonString());

        await test.Engine.RetryStepAsync(id, "b", "ann");
        var run = await test.DrainAsync(id);

        // b sees the 1 that a wrote, not what b and c made of it; what the other branch wrote stays.
        Assert.Equal("""{"number":1}""", run.Steps.Single(step => step.StepId == "b~2").Inputs.ToJsonString());
        Assert.Equal("""{"number":10,"parameters":7}""", run.Steps.Single(step => step.StepId == "c~2").Inputs.ToJsonString());
        Assert.Equal(["a", "side", "b~2", "c~2"], Current(run));
        Assert.Equal((RunSubStatus.Finished, 6), (run.SubStatus, test.Executor.Calls.Count));
    }

    [Fact]
    public async Task RetryStep_OtherOutcome_FollowsTheOtherBranch()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var definition = new FlowBuilder().Steps("promote", "report", "end")
            .Activity("gate", "Test.Gate", ("model", FlowBuilder.Value("String", "Literal", "churn")))
            .Edges("gate:Refused -> report -> end, gate:Passed -> promote -> end").Build();
        test.Executor.On("gate", context => new StepResult { Outcome = context.StepId == "gate" ? "Refused" : "Passed" });
        var id = await test.StartAsync(definition);
        await test.DrainAsync(id);

        await test.Engine.RetryStepAsync(id, "gate", "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal(["gate", "report", "end", "gate", "promote", "end"], test.Executor.Names);
        Assert.Equal(["gate~2", "promote", "end~2"], Current(run));
    }

    [Fact]
    public async Task RetryStep_RoundOfALoop_RunsThatRoundAndTheLaterOnesAgain()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var definition = new FlowBuilder().Variable("round", "Int32", 0).Variable("more", "Boolean", true).Steps("after")
            .Activity("work", "Test.Work", ("number", FlowBuilder.Value("Int32", "Variable", "round")), ("round", FlowBuilder.Output("round")), ("more", FlowBuilder.Output("more")))
            .Decision("again", "more").Activity("start", "Elsa.Start")
            .Edges("start -> work -> again, again:True -> work, again:False -> after").Build();
        test.Executor.On("work", context =>
        {
            var round = context.Inputs["number"]!.GetValue<int>() + 1;
            return new StepResult { Outputs = new() { ["round"] = round, ["more"] = round < 3 } };
        });
        var id = await test.StartAsync(definition);
        await test.DrainAsync(id);

        await test.Engine.RetryStepAsync(id, "work~2", "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal(["start", "work", "again", "work~4", "again~4", "work~5", "again~5", "after~2"], Current(run));
        Assert.Equal([0, 1, 2, 1, 2], test.Executor.Calls.Where(call => call.ActivityName == "work").Select(call => call.Inputs["number"]!.GetValue<int>()));
        Assert.Equal((RunSubStatus.Finished, 3), (run.SubStatus, run.Variables["round"]!.GetValue<int>()));
    }

    [Fact]
    public async Task RetryRun_CancelledRun_GoesOn()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "b", "c", "d").Edges("a -> b -> d, a -> c -> d").Build());
        await test.Worker.ExecuteNextAsync();
        await test.Engine.CancelRunAsync(id, "wrong data", "me");
        Assert.Equal(RunSubStatus.Cancelled, (await test.RunAsync(id)).SubStatus);

        await test.Engine.RetryRunAsync(id, "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Finished, null), (run.SubStatus, run.Fault));
        Assert.Equal(["a", "b", "c", "d"], test.Executor.Names);
    }

    [Fact]
    public async Task RetryStep_WhileTheRunGoesOn_StopsWhatFollows()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var begun = test.Executor.Hangs("c");
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "b", "c").Edges("a -> b -> c").Build());
        await test.Worker.ExecuteNextAsync();
        await test.Worker.ExecuteNextAsync();
        var hanging = test.Worker.ExecuteNextAsync();
        await begun.WaitAsync(TimeSpan.FromSeconds(30));

        await test.Engine.RetryStepAsync(id, "b", "ann");
        test.Executor.On("c", _ => new StepResult());
        test.Time.Advance(TimeSpan.FromSeconds(1)); // The heartbeat hears that the step is no longer wanted.
        await hanging.WaitAsync(TimeSpan.FromSeconds(30));
        var run = await test.DrainAsync(id);

        Assert.Equal(["a", "b~2", "c~2"], Current(run));
        Assert.Equal(StepStatus.Canceled, run.Steps.Single(step => step.StepId == "c").Status);
        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
    }

    [Fact]
    public async Task RetryStep_JoinThatWaitsForTheFirst_DoesNotRunTheLosersAgain()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "fast", "slow", "z").Join("first", null)
            .Edges("a -> fast -> first, a -> slow -> first, first -> z").Build());
        Assert.Equal(["a", "fast", "z"], (await test.DrainAsync(id), test.Executor.Names).Names);

        await test.Engine.RetryStepAsync(id, "z", "ann");

        Assert.Equal(["a", "fast", "slow", "first", "z~2"], Current(await test.DrainAsync(id)));
        Assert.Equal(["a", "fast", "z", "z"], test.Executor.Names);
    }

    [Fact]
    public async Task RetryRun_WorkflowAllowsNoMoreRuns_WaitsForRoom()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", context => context.StepId == "a" && context.Reason == "bad" ? throw new InvalidOperationException("no disk") : new StepResult());
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a", "b").Edges("a -> b").Setting("maxConcurrentRuns", 1).Build());
        var failed = await test.Engine.StartRunAsync("flow", null, new("bad", "tester"));
        Assert.Equal(RunSubStatus.Faulted, (await test.DrainAsync(failed)).SubStatus);
        var other = await test.Engine.StartRunAsync("flow", null, new("good", "tester"));

        await test.Engine.RetryRunAsync(failed, "ann");
        var waiting = await test.RunAsync(failed);
        Assert.Contains("waits until fewer runs of 'flow' go on", await RefusalAsync(() => test.Engine.RetryRunAsync(failed, "ann")));
        await test.Engine.Queue.AdmitAsync(default);
        var stillWaiting = await test.RunAsync(failed);
        var run = await test.DrainAsync(failed);

        Assert.Equal((RunStatus.Running, RunSubStatus.Pending, null), (waiting.Status, waiting.SubStatus, waiting.FinishedAt));
        Assert.Equal(RunSubStatus.Pending, stillWaiting.SubStatus);
        Assert.Equal((RunSubStatus.Finished, 2), (run.SubStatus, run.Generation));
        Assert.Equal(["a~2", "b"], Current(run));
        Assert.Equal([failed, other, other, failed, failed], test.Executor.Calls.Select(call => call.RunId)); // One after the other.
    }

    [Fact]
    public async Task CancelRun_RepairThatWaitsForRoom_EndsItAndItCanBeRetriedLater()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", context => context.StepId == "a" && context.Reason == "bad" ? throw new InvalidOperationException("no disk") : new StepResult());
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Setting("maxConcurrentRuns", 1).Build());
        var failed = await test.Engine.StartRunAsync("flow", null, new("bad", "tester"));
        await test.DrainAsync(failed);
        var other = await test.Engine.StartRunAsync("flow", null, new("good", "tester"));
        await test.Engine.RetryRunAsync(failed, "ann");

        Assert.True(await test.Engine.CancelRunAsync(failed, "not now", "ann"));
        await test.DrainAsync(other);
        Assert.Equal((RunStatus.Finished, RunSubStatus.Cancelled), ((await test.RunAsync(failed)).Status, (await test.RunAsync(failed)).SubStatus));
        await test.Engine.RetryRunAsync(failed, "ann");

        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(failed)).SubStatus);
    }

    [Fact]
    public async Task RetryStep_WroteToTheRunItself_FindsItAsItWas()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var definition = new FlowBuilder().Variable("v", "Int32", 1)
            .Activity("start", "Elsa.Start")
            .Activity("first", "Elsa.SetOutput", ("outputName", FlowBuilder.Value("String", "Literal", "before")), ("outputValue", FlowBuilder.Value("Int32", "Literal", 1)))
            .Steps("a")
            .Activity("name", "Elsa.SetName", ("value", FlowBuilder.Value("String", "JavaScript", "(getWorkflowInstanceName() || 'run') + '!'")))
            .Activity("correlate", "Elsa.Correlate", ("correlationId", FlowBuilder.Value("String", "JavaScript", "getCorrelationId() + '!'")))
            .Activity("out", "Elsa.SetOutput", ("outputName", FlowBuilder.Value("String", "Literal", "result")), ("outputValue", FlowBuilder.Value("Int32", "Literal", 7)))
            .Activity("again", "Elsa.SetOutput", ("outputName", FlowBuilder.Value("String", "Literal", "before")), ("outputValue", FlowBuilder.Value("Int32", "Literal", 2)))
            .Steps("b").Edges("start -> first -> a -> name -> correlate -> out -> again -> b").Build();
        await test.Store.SaveDefinitionAsync(definition, publish: true);
        var id = await test.Engine.StartRunAsync("flow", null, new("test", "tester") { CorrelationId = "order" });
        var before = await test.DrainAsync(id);
        Assert.Equal(("run!", "order!", """{"before":2,"result":7}"""), (before.Name, before.CorrelationId, before.Outputs.ToJsonString()));

        await test.Engine.RetryStepAsync(id, "a", "ann");
        var undone = await test.RunAsync(id);
        var run = await test.DrainAsync(id);

        Assert.Equal((null, "order", """{"before":1}"""), (undone.Name, undone.CorrelationId, undone.Outputs.ToJsonString()));
        Assert.Equal(("run!", "order!", """{"before":2,"result":7}"""), (run.Name, run.CorrelationId, run.Outputs.ToJsonString())); // Once, not "run!!".
    }

    [Fact]
    public async Task RetryStep_ScriptAsksForOutputs_DoesNotSeeThoseThatAreSetAside()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("b", _ => new StepResult { Outputs = new() { ["result"] = 5 } });
        var id = await test.StartAsync(new FlowBuilder().Steps("a")
            .Activity("b", "Test.Work", ("seen", FlowBuilder.Value("Object", "JavaScript", "getOutputFrom('b') || 'nothing'"))).Edges("a -> b").Build());
        await test.DrainAsync(id);

        await test.Engine.RetryStepAsync(id, "b", "ann");

        Assert.Equal(["nothing", "nothing"], (await test.DrainAsync(id)).Steps.Where(step => step.ActivityId == "b").Select(step => (string?)step.Inputs["seen"]));
    }

    [Fact]
    public async Task Retry_WhatCannotBe_SaysWhy()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("train", "next").Edges("train -> next").Build());
        Assert.Contains("is Pending: it has not ended", await RefusalAsync(() => test.Engine.RetryStepAsync(id, "train", "ann")));
        await test.DrainAsync(id);
        Assert.Contains($"Nothing in run '{id}' failed or was cancelled.", await RefusalAsync(() => test.Engine.RetryRunAsync(id, "ann")));
        Assert.Contains("Did you mean 'train'?", await RefusalAsync(() => test.Engine.RetryStepAsync(id, "trian", "ann")));
        Assert.Contains("Unknown run 'nobody'.", await RefusalAsync(() => test.Engine.RetryStepAsync("nobody", "train", "ann")));
        await test.Engine.RetryStepAsync(id, "train", "ann");
        Assert.Contains("was replaced by an earlier repair. Retry 'train~2'.", await RefusalAsync(() => test.Engine.RetryStepAsync(id, "train", "ann")));
        await test.Engine.Leases.ClaimAsync("worker", default);
        await test.Engine.CancelRunAsync(id, "stop", "me");
        Assert.Contains("is still stopping", await RefusalAsync(() => test.Engine.RetryRunAsync(id, "ann")));
    }

    private static async Task<string> RefusalAsync(Func<Task> work) => (await Assert.ThrowsAsync<WorkflowException>(work)).Message;

    private static IEnumerable<string> Current(WorkflowRun run) => run.Steps.Where(step => !step.IsReplaced).Select(step => step.StepId);
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class RepairOnPostgresTests : RepairTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
