using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Whole runs with one worker; the time stands still unless a test moves it.</summary>
public sealed class WorkflowEngineTests
{
    [Fact]
    public async Task Run_OutputsAndInputs_TravelThroughVariables()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Input("months", "Int32", 12).Variable("trained", "Object").Variable("accuracy", "Double")
            .Activity("train", "Test.Work",
                ("parameters", FlowBuilder.Value("Object", "Object", new JsonObject { ["months"] = new JsonObject { ["$input"] = "months" } })),
                ("trained", FlowBuilder.Output("trained")), ("accuracy", FlowBuilder.Output("accuracy")))
            .Activity("evaluate", "Test.Work",
                ("number", FlowBuilder.Value("Int32", "Literal", "12")),
                ("stepInputs", FlowBuilder.Value("Object", "Object", """{"model":{"$variable":"trained"}}""")),
                ("accuracy", FlowBuilder.Value("Double", "Variable", new JsonObject { ["id"] = "accuracy", ["name"] = "accuracy" })))
            .Edges("train -> evaluate").Build();
        test.Executor.On("train", _ => new StepResult { Outputs = new() { ["Trained"] = new JsonObject { ["path"] = "m.onnx" }, ["accuracy"] = 0.93 } });

        var run = await test.DrainAsync(await test.StartAsync(definition, new() { ["months"] = 14 }));

        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
        Assert.Equal("""{"parameters":{"months":14}}""", test.Executor.Calls[0].Inputs.ToJsonString());
        Assert.Equal("""{"number":12,"stepInputs":{"model":{"path":"m.onnx"}},"accuracy":0.93}""", test.Executor.Calls[1].Inputs.ToJsonString());
        Assert.Equal("""{"trained":{"path":"m.onnx"},"accuracy":0.93}""", run.Variables.ToJsonString());
        Assert.Equal($"{run.Id}/evaluate", test.Executor.Calls[1].Key);
        Assert.Equal(["Started", "train Started", "train Completed", "evaluate Started", "evaluate Completed", "Completed"], await test.EventsAsync(run.Id));
    }

    [Theory]
    [InlineData("0.95", "Done", new[] { "measure", "promote" })]
    [InlineData("0.10", "Done", new[] { "measure", "report" })]
    public async Task Run_DecisionOnVariable_FollowsOneBranch(string accuracy, string outcome, string[] expected)
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Variable("good", "Boolean").Steps("promote", "report")
            .Activity("measure", "Test.Work", ("good", FlowBuilder.Output("good"))).Decision("if", "good")
            .Activity("start", "Elsa.Start")
            .Edges("start -> measure -> if, if:True -> promote, if:False -> report").Build();
        test.Executor.On("measure", _ => new StepResult { Outcome = outcome, Outputs = new() { ["good"] = double.Parse(accuracy) > 0.9 } });

        var run = await test.DrainAsync(await test.StartAsync(definition));

        Assert.Equal(expected, test.Executor.Names);
        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
    }

    [Fact]
    public async Task Run_ForkSwitchSetVariableAndEnd_AreRunByTheEngine()
    {
        await using var test = await TestEngine.CreateAsync();
        var cases = new JsonArray(
            new JsonObject { ["label"] = "no", ["condition"] = new JsonObject { ["type"] = "Literal", ["value"] = false } },
            new JsonObject { ["label"] = "yes", ["condition"] = new JsonObject { ["type"] = "Variable", ["value"] = "flag" } });
        var definition = new FlowBuilder().Variable("flag", "Boolean", false).Steps("left", "right", "never", "hit")
            .Activity("set", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "flag" }), ("value", FlowBuilder.Value("Object", "Literal", "true")))
            .Activity("fork", "Elsa.FlowFork", ("branches", FlowBuilder.Value("Object", "Object", """["l","r"]""")))
            .Activity("switch", "Elsa.FlowSwitch", ("cases", cases))
            .Activity("end", "Elsa.End")
            .Edges("set -> fork, fork:l -> left, fork:r -> right, left -> switch, switch:yes -> hit, switch:Default -> never, hit -> end").Build();
        var order = test.Executor.Hangs("right");

        var run = await test.StartAsync(definition);
        var left = await test.Worker.ExecuteNextAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var hanging = test.Worker.ExecuteNextAsync();
        await order.WaitAsync(TimeSpan.FromSeconds(30));
        await test.Worker.ExecuteNextAsync();
        test.Time.Advance(TimeSpan.FromSeconds(2)); // The heartbeat hears that the step is no longer wanted.
        await hanging.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(left);
        var ended = await test.RunAsync(run);
        Assert.Equal((RunStatus.Finished, RunSubStatus.Finished), (ended.Status, ended.SubStatus));
        Assert.True(ended.Variables["flag"]!.GetValue<bool>());
        Assert.Equal(StepStatus.Canceled, ended.Steps.Single(step => step.StepId == "right").Status);
        Assert.Equal(["left", "right", "hit"], test.Executor.Names);
    }

    [Fact]
    public async Task Run_LoopByBackEdge_CountsRounds()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Variable("more", "Boolean", true).Steps("after")
            .Activity("work", "Test.Work", ("more", FlowBuilder.Output("more"))).Decision("again", "more")
            .Activity("start", "Elsa.Start").Edges("start -> work -> again, again:True -> work, again:False -> after").Build();
        test.Executor.On("work", context => new StepResult { Outputs = new() { ["more"] = context.StepId != "work~3" } });

        var run = await test.DrainAsync(await test.StartAsync(definition));

        Assert.Equal(["work", "work~2", "work~3", "after"], test.Executor.Calls.Select(call => call.StepId));
        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
    }

    [Fact]
    public async Task Run_EndlessLoopOfTheEnginesOwnActivities_Faults()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Variable("v", "Boolean", true).Decision("again", "v").Edges("again:True -> again").Build();

        var run = await test.RunAsync(await test.StartAsync(definition));

        Assert.Equal(RunSubStatus.Faulted, run.SubStatus);
        Assert.Contains("More than 1000 activities ran", run.Fault);
    }

    [Fact]
    public async Task Run_Fault_StartsNothingNewAndEndsFaulted()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Steps("a", "bad", "other", "join").Edges("a -> bad -> join, a -> other -> join").Build();
        test.Executor.Fails("bad", "no disk");

        var run = await test.DrainAsync(await test.StartAsync(definition));

        Assert.Equal((RunStatus.Finished, RunSubStatus.Faulted, 1), (run.Status, run.SubStatus, run.IncidentCount));
        Assert.Equal("bad: no disk", run.Fault);
        Assert.DoesNotContain("join", test.Executor.Names);
        Assert.All(run.Steps, step => Assert.NotEqual(StepStatus.Pending, step.Status));
    }

    [Theory]
    [InlineData(false, StepStatus.Completed)]
    [InlineData(true, StepStatus.Canceled)]
    public async Task Run_FaultBesideRunningStep_LetsItFinishOrCancelsItByChoice(bool cancelRunning, StepStatus expected)
    {
        await using var test = await TestEngine.CreateAsync(new() { CancelRunningOnFault = cancelRunning });
        var release = new TaskCompletionSource<StepResult>();
        var begun = new TaskCompletionSource();
        test.Executor.Fails("bad", "no disk").On("slow", (_, cancellationToken) =>
        {
            begun.SetResult();
            return release.Task.WaitAsync(cancellationToken);
        });
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "slow", "bad", "next").Edges("a -> slow -> next, a -> bad").Build());
        await test.Worker.ExecuteNextAsync();
        var slow = test.Worker.ExecuteNextAsync();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await test.Worker.ExecuteNextAsync();
        Assert.Equal(cancelRunning ? RunStatus.Finished : RunStatus.Running, (await test.RunAsync(id)).Status);
        if (cancelRunning)
            test.Time.Advance(TimeSpan.FromSeconds(1));
        else
            release.SetResult(new());
        await slow.WaitAsync(TimeSpan.FromSeconds(30));

        var run = await test.DrainAsync(id);
        Assert.Equal((RunStatus.Finished, RunSubStatus.Faulted), (run.Status, run.SubStatus));
        Assert.Equal(expected, run.Steps.Single(step => step.StepId == "slow").Status);
        Assert.DoesNotContain("next", test.Executor.Names);
    }

    [Fact]
    public async Task Run_ContinueWithIncidents_FinishesHealthyBranchesAndEndsFaulted()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Steps("a", "bad", "afterBad", "good", "join").ContinueWithIncidents()
            .Edges("a -> bad -> afterBad -> join, a -> good -> join").Build();
        test.Executor.Fails("bad", "no disk");

        var run = await test.DrainAsync(await test.StartAsync(definition));

        Assert.Equal(["a", "bad", "good", "join"], test.Executor.Names.Order());
        Assert.Equal((RunSubStatus.Faulted, 1), (run.SubStatus, run.IncidentCount));
    }

    [Fact]
    public async Task Run_UnknownOutcomeOrMissingOutput_FaultsTheStep()
    {
        await using var test = await TestEngine.CreateAsync();
        test.Executor.On("gate", _ => new StepResult { Outcome = "passed" }).On("work", _ => new StepResult { Outputs = new() { ["modl"] = 1 } });
        var gate = new FlowBuilder().Activity("gate", "Test.Gate", ("model", FlowBuilder.Value("String", "Literal", "churn"))).Build("gate");
        var work = new FlowBuilder().Variable("model", "Object").Activity("work", "Test.Work", ("model", FlowBuilder.Output("model"))).Build("work");

        var first = await test.DrainAsync(await test.StartAsync(gate));
        var second = await test.DrainAsync(await test.StartAsync(work));

        Assert.Equal("gate: The step ended with the unknown outcome 'passed'. Did you mean 'Passed'? Known: Passed, Refused.", first.Fault);
        Assert.Equal("work: The step gave no output 'model', which is bound to the variable 'model'. Did you mean 'modl'? Known: modl.", second.Fault);
    }

    [Fact]
    public async Task Run_UnknownActivityType_FaultsClearly()
    {
        await using var test = await TestEngine.CreateAsync();
        var run = await test.DrainAsync(await test.StartAsync(new FlowBuilder().Activity("a", "Test.Wrok").Build()));
        Assert.StartsWith("a: Unknown activity type 'Test.Wrok'. Did you mean 'Test.Work'?", run.Fault);
        Assert.Equal(RunSubStatus.Faulted, run.SubStatus);
    }

    [Fact]
    public async Task StartRun_SameIdempotencyKey_ReturnsTheSameRun()
    {
        await using var test = await TestEngine.CreateAsync();
        await test.StartAsync(new FlowBuilder().Steps("a").Build());
        var request = new StartRequest("alert fired", "monitor") { IdempotencyKey = "alert-7", CorrelationId = "churn" };

        var first = await test.Engine.StartRunAsync("flow", null, request);
        var second = await test.Engine.StartRunAsync("flow", null, request);
        test.Time.Advance(TimeSpan.FromMilliseconds(1));
        var third = await test.Engine.StartRunAsync("flow", null, request with { IdempotencyKey = "alert-8" });

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
        var runs = await test.Store.ListRunsAsync(new() { CorrelationId = "churn" });
        Assert.Equal([third, first], runs.Select(run => run.Id));
    }

    [Fact]
    public async Task StartRun_WrongInputs_NamesThemAll()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Input("months", "Int32").Input("seed", "Int32", isRequired: true).Steps("a").Build();

        var failure = await Assert.ThrowsAsync<WorkflowException>(() => test.StartAsync(definition, new() { ["months"] = "many", ["sed"] = 1 }));

        Assert.Contains("Unknown input 'sed'. Did you mean 'seed'? Known: months, seed.", failure.Message);
        Assert.Contains("Input 'months': The value \"many\" is no Int32.", failure.Message);
        Assert.Contains("Input 'seed' is missing.", failure.Message);
    }

    [Fact]
    public async Task StartRun_UnknownOrDraft_SaysWhatToDo()
    {
        await using var test = await TestEngine.CreateAsync();
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Steps("a").Build("churn-retrain"), publish: false);
        var request = new StartRequest("by hand", "me");

        var draft = await Assert.ThrowsAsync<WorkflowException>(() => test.Engine.StartRunAsync("churn-retrain", null, request));
        var unknown = await Assert.ThrowsAsync<WorkflowException>(() => test.Engine.StartRunAsync("churn-retrian", null, request));

        Assert.Contains("is a draft (version 1). Publish it", draft.Message);
        Assert.Contains("Did you mean 'churn-retrain'?", unknown.Message);
    }

    [Fact]
    public async Task StartRun_AtTrigger_PassesThroughItAndNotTheOther()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Steps("work")
            .Activity("nightly", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", "0 2 * * *")))
            .Activity("drift", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "drift")))
            .Edges("nightly -> work, drift -> work").Build();
        await test.Engine.PublishAsync(definition);

        var id = await test.Engine.StartRunAsync("flow", null, new("drift", "monitor") { TriggerActivityId = "drift" });
        var run = await test.DrainAsync(id);

        Assert.Equal(["drift", "work"], run.Steps.Select(step => step.ActivityId));
        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
    }

    [Fact]
    public async Task Run_NewVersionPublishedMeanwhile_StaysPinned()
    {
        await using var test = await TestEngine.CreateAsync();
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "old").Edges("a -> old").Build());
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Steps("a", "new").Edges("a -> new").Build(), publish: true);

        var run = await test.DrainAsync(id);

        Assert.Equal(["a", "old"], test.Executor.Names);
        Assert.Equal(1, run.Version);
        Assert.Equal(2, (await test.Store.GetPublishedAsync("flow"))?.Version);
    }

    [Fact]
    public async Task CancelRun_WaitingAndRunningSteps_EndCancelled()
    {
        await using var test = await TestEngine.CreateAsync();
        var begun = test.Executor.Hangs("hangs");
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "hangs", "waits").Edges("a -> hangs, a -> waits").Build());
        await test.Worker.ExecuteNextAsync();
        var running = test.Worker.ExecuteNextAsync();
        await begun.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(await test.Engine.CancelRunAsync(id, "not needed", "me"));
        Assert.Equal(RunStatus.Running, (await test.RunAsync(id)).Status);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        var run = await test.RunAsync(id);
        Assert.Equal((RunStatus.Finished, RunSubStatus.Cancelled), (run.Status, run.SubStatus));
        Assert.Equal(["Completed", "Canceled", "Canceled"], run.Steps.Select(step => step.Status.ToString()));
        Assert.Equal("Cancelled by me: not needed", run.Fault);
        Assert.False(await test.Engine.CancelRunAsync(id, "again", "me"));
    }

    [Fact]
    public async Task Publish_WithErrors_RefusesAndListsThemAll()
    {
        await using var test = await TestEngine.CreateAsync();
        var definition = new FlowBuilder().Activity("a", "Test.Wrok").Activity("gate", "Test.Gate").Edges("a -> gate").Build();

        var failure = await Assert.ThrowsAsync<WorkflowException>(() => test.Engine.PublishAsync(definition));

        Assert.Contains("Unknown activity type 'Test.Wrok'", failure.Message);
        Assert.Contains("The input 'model' is missing", failure.Message);
        Assert.Null(await test.Store.GetLatestAsync("flow"));
    }
}
