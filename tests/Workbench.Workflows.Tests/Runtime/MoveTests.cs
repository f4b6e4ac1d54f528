using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Runs that are moved to another version of their workflow; expected steps follow from the shapes by hand.</summary>
public class MoveTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task MoveRun_WhileAStepRuns_GoesOnWithTheEdgesOfTheVersion()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "b", "old").Edges("a -> b -> old").Build());
        await test.Worker.ExecuteNextAsync();
        var running = await test.Engine.Leases.ClaimAsync("worker", default);
        await PublishAsync(test, new FlowBuilder().Steps("a", "b", "new").Edges("a -> b -> new").Build());

        var moved = await test.Engine.MoveRunAsync(id, 2, "ann");
        Assert.True(await test.Engine.Leases.CompleteAsync(running!, new(), null, default)); // The worker has not noticed.
        var run = await test.DrainAsync(id);

        Assert.Equal(new MovedRun(id, 1, 2, null), moved);
        Assert.Equal((RunSubStatus.Finished, 2), (run.SubStatus, run.Version));
        Assert.Equal(["a", "b", "new"], run.Steps.Select(step => step.StepId));
        Assert.Equal((await test.Store.GetPublishedAsync("flow"))!.Id, run.DefinitionVersionId);
        Assert.Contains(await test.Store.GetJournalAsync(id), entry => entry is { EventName: "Moved", StepId: null, Message: "ann moved the run from version 1 to version 2." });
    }

    [Fact]
    public async Task MoveRun_Faulted_RetryRunsTheMendedStep()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("bad", context => (string?)context.Inputs["path"] == "right" ? new StepResult() : throw new InvalidOperationException($"no file {context.Inputs["path"]}"));
        var id = await test.StartAsync(Flow("wrong"));
        Assert.Equal("bad: no file wrong", (await test.DrainAsync(id)).Fault);
        await PublishAsync(test, Flow("right"));

        await test.Engine.MoveRunAsync(id, 2, "ann");
        var still = await test.DrainAsync(id);
        await test.Engine.RetryRunAsync(id, "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal((RunStatus.Finished, RunSubStatus.Faulted, 2), (still.Status, still.SubStatus, still.Version)); // Moving alone starts nothing.
        Assert.Equal((RunSubStatus.Finished, 0), (run.SubStatus, run.IncidentCount));
        Assert.Equal(["a", "bad", "bad~2", "z"], run.Steps.Select(step => step.StepId));
        Assert.Equal(["a", "bad", "bad", "z"], test.Executor.Names);

        static WorkflowDefinition Flow(string path) => new FlowBuilder().Steps("a", "z")
            .Activity("bad", "Test.Work", ("path", FlowBuilder.Value("String", "Literal", path))).Edges("a -> bad -> z").Build();
    }

    [Fact]
    public async Task MoveRun_BetweenAttempts_TheNextAttemptHasTheVersionsInputsAndSettings()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", context => (int?)context.Inputs["number"] == 2 ? new StepResult() : throw new InvalidOperationException("wrong number"));
        var id = await test.StartAsync(Flow(1, 2));
        await test.DrainAsync(id);
        await PublishAsync(test, Flow(2, 5));

        await test.Engine.MoveRunAsync(id, 2, "ann");
        test.Time.Advance(TimeSpan.FromSeconds(5));
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Finished, 2), (run.SubStatus, run.Steps[0].Attempt));
        Assert.Equal("""{"number":2}""", run.Steps[0].Inputs.ToJsonString());

        static WorkflowDefinition Flow(int number, int attempts) => new FlowBuilder()
            .Activity("a", "Test.Work", ("number", FlowBuilder.Value("Int32", "Literal", number)), ("customProperties", new JsonObject { ["maxAttempts"] = attempts })).Build();
    }

    [Fact]
    public async Task MoveRun_WaitingStep_GoesOnWaitingAndIsFollowedByTheVersion()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow("old"));
        await PublishAsync(test, Flow("new"));

        await test.Engine.MoveRunAsync(id, 2, "ann");
        var waiting = await test.DrainAsync(id);
        await test.Engine.PublishEventAsync("go");
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Suspended, 2), (waiting.SubStatus, waiting.Version));
        Assert.Equal((RunSubStatus.Finished, "new"), (run.SubStatus, string.Join(',', test.Executor.Names)));

        static WorkflowDefinition Flow(string next) => new FlowBuilder().Steps(next).Activity("start", "Elsa.Start")
            .Activity("wait", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "go"))).Edges($"start -> wait -> {next}").Build();
    }

    [Theory]
    // The edge that the join waits for is gone: nothing can come by it any more, and the join goes on at once.
    [InlineData("s -> a -> join, s -> slow", "s,a,join")]
    // A step was put between: the token of a waits there now, so x runs first, and the join still waits for slow.
    [InlineData("s -> a -> x -> join, s -> slow -> join", "s,a,x")]
    // A further branch behind what the run has done is not made up for; the join waits as before.
    [InlineData("s -> a -> join, s -> slow -> join, s -> x", "s,a")]
    // The join's edge from a is gone: a ends its branch.
    [InlineData("s -> a, s -> slow -> join", "s,a")]
    public async Task MoveRun_PendingJoin_IsRecomputed(string edges, string ran)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        // slow waits for an event, so that the join holds the token of a.
        var id = await test.StartAsync(Flow("s -> a -> join, s -> slow -> join"));
        await test.DrainAsync(id);
        Assert.Equal("s,a", string.Join(',', test.Executor.Names));
        await PublishAsync(test, Flow(edges));

        await test.Engine.MoveRunAsync(id, 2, "ann");
        await test.DrainAsync(id);
        Assert.Equal(ran, string.Join(',', test.Executor.Names));
        await test.Engine.PublishEventAsync("go");
        var run = await test.DrainAsync(id);

        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
        Assert.Equal(1, run.Steps.Count(step => step.ActivityId == "join")); // Once, whatever came when.
        Assert.All(run.Steps, step => Assert.DoesNotContain('~', step.StepId));

        static WorkflowDefinition Flow(string edges) => new FlowBuilder().Steps("s", "a", "join").Steps(edges.Contains('x') ? ["x"] : [])
            .Activity("slow", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "go"))).Edges(edges).Build();
    }

    [Fact]
    public async Task MoveRun_NewVariablesAndInputs_HaveTheirFirstValues()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", _ => new StepResult { Outputs = new() { ["kept"] = 7 } });
        var first = new FlowBuilder().Input("months", "Int32", 12).Variable("kept", "Int32", 0).Variable("gone", "Int32", 1)
            .Activity("a", "Test.Work", ("kept", FlowBuilder.Output("kept"))).Steps("b").Edges("a -> b").Build();
        var id = await test.StartAsync(first, new() { ["months"] = 6 });
        await test.Worker.ExecuteNextAsync();
        await PublishAsync(test, new FlowBuilder().Input("months", "Int32", 12).Input("seed", "Int32", 42).Variable("kept", "String").Variable("added", "Int32", 3)
            .Activity("a", "Test.Work", ("kept", FlowBuilder.Output("kept")))
            .Activity("b", "Test.Work", ("number", FlowBuilder.Value("Int32", "Input", "seed")), ("other", FlowBuilder.Value("Int32", "Variable", "added"))).Edges("a -> b").Build());

        await test.Engine.MoveRunAsync(id, 2, "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal("""{"months":6,"seed":42}""", run.Inputs.ToJsonString());
        Assert.Equal("""{"kept":"7","added":3}""", run.Variables.ToJsonString());
        Assert.Equal("""{"number":42,"other":3}""", run.Steps[1].Inputs.ToJsonString());
        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
    }

    [Fact]
    public async Task MoveRun_Queued_BeginsInTheVersion()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Setting("maxConcurrentRuns", 1).Build());
        var first = await test.Engine.StartRunAsync("flow", null, new("test", "tester"));
        var queued = await test.Engine.StartRunAsync("flow", null, new("test", "tester"));
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a", "b").Edges("a -> b").Setting("maxConcurrentRuns", 1).Build());

        await test.Engine.MoveRunAsync(queued, 2, "ann");
        Assert.Equal((RunSubStatus.Pending, 0), ((await test.RunAsync(queued)).SubStatus, (await test.RunAsync(queued)).Steps.Count));
        var run = await test.DrainAsync(queued);

        Assert.Equal((RunSubStatus.Finished, 2, "a,b"), (run.SubStatus, run.Version, string.Join(',', run.Steps.Select(step => step.StepId))));
        Assert.Equal(1, (await test.RunAsync(first)).Version);
    }

    [Fact]
    public async Task MoveRun_Cancelled_RetryGoesOnInTheVersion()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "b", "old").Edges("a -> b -> old").Build());
        await test.Worker.ExecuteNextAsync();
        await test.Engine.CancelRunAsync(id, "wrong version", "ann");
        await PublishAsync(test, new FlowBuilder().Steps("a", "b", "new").Edges("a -> b -> new").Build());

        await test.Engine.MoveRunAsync(id, 2, "ann");
        await test.Engine.RetryRunAsync(id, "ann");

        Assert.Equal((RunSubStatus.Finished, "a,b,new"), ((await test.DrainAsync(id)).SubStatus, string.Join(',', test.Executor.Names)));
    }

    [Fact]
    public async Task MoveRun_WhatDoesNotFit_IsNamedAndNothingChanges()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Input("months", "Int32", 12).Variable("v", "String", "many").Steps("a", "b", "c").Edges("a -> b -> c").Build());
        await test.Worker.ExecuteNextAsync();
        await PublishAsync(test, new FlowBuilder().Input("months", "Int32", 12).Input("label", "String", isRequired: true).Variable("v", "Int32", 0).Steps("c")
            .Activity("b", "Test.Gate", ("model", FlowBuilder.Value("String", "Literal", "churn"))).Edges("b:Passed -> c").Build());

        var refusal = await RefusalAsync(() => test.Engine.MoveRunAsync(id, 2, "ann"));
        var run = await test.DrainAsync(id);

        foreach (var expected in new[] { "'a' (a), which is Completed in the run, is missing.", "'b' (b), which is Pending in the run, is a Test.Gate and was a Test.Work.", "'label' is required", "The variable 'v'" })
            Assert.Contains(expected, refusal);
        Assert.Equal((RunSubStatus.Finished, 1, "a,b,c"), (run.SubStatus, run.Version, string.Join(',', test.Executor.Names)));
        Assert.DoesNotContain(await test.Store.GetJournalAsync(id), entry => entry.EventName == "Moved");
    }

    [Fact]
    public async Task MoveRun_WhatCannotBe_SaysWhy()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Steps("a", "b").Edges("a -> b").Build(), publish: false);
        Assert.Contains("Version 2 of 'flow' is a draft", await RefusalAsync(() => test.Engine.MoveRunAsync(id, 2, "ann")));
        Assert.Contains("has version 1 of 'flow' already", await RefusalAsync(() => test.Engine.MoveRunAsync(id, 1, "ann")));
        Assert.Contains("'flow' has no version 9. Known: 1, 2.", await RefusalAsync(() => test.Engine.MoveRunAsync(id, 9, "ann")));
        Assert.Contains("Unknown run 'nobody'.", await RefusalAsync(() => test.Engine.MoveRunAsync("nobody", 1, "ann")));
        Assert.Contains("Did you mean 'flow'?", await RefusalAsync(() => test.Engine.MoveRunsAsync("flo", 1, "ann")));
        await PublishAsync(test, new FlowBuilder().Activity("a", "Test.Unknown").Build());
        Assert.Contains("has errors", await RefusalAsync(() => test.Engine.MoveRunAsync(id, 2, "ann")));
        await test.DrainAsync(id);
        await PublishAsync(test, new FlowBuilder().Steps("a", "b").Edges("a -> b").Build());
        Assert.Contains("has finished", await RefusalAsync(() => test.Engine.MoveRunAsync(id, 3, "ann")));
    }

    [Fact]
    public async Task MoveRuns_OfAWorkflow_MovesThoseThatFitAndNamesTheOthers()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var first = new FlowBuilder().Variable("left", "Boolean", true).Steps("l", "r").Decision("if", "left").Edges("if:True -> l, if:False -> r").Build();
        var fits = await test.StartAsync(first);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        var doesNot = await test.StartAsync(first with { Variables = [first.Variables[0] with { Value = false }] }); // Version 2: goes to r.
        await PublishAsync(test, new FlowBuilder().Variable("left", "Boolean", true).Steps("l", "z").Decision("if", "left").Edges("if:True -> l -> z").Build());

        var results = await test.Engine.MoveRunsAsync("flow", 3, "ann");

        Assert.Equal([(fits, 1, true), (doesNot, 2, false)], results.Select(result => (result.RunId, result.FromVersion, result.IsMoved)));
        Assert.Contains("'r' (r)", results[1].Refusal);
        Assert.Equal("l,z", string.Join(',', (await test.DrainAsync(fits)).Steps.Skip(1).Select(step => step.StepId)));
        Assert.Equal(2, (await test.DrainAsync(doesNot)).Version);
        Assert.Empty(await test.Engine.MoveRunsAsync("flow", 3, "ann"));
    }

    private static Task<WorkflowDefinition> PublishAsync(TestEngine test, WorkflowDefinition definition) => test.Store.SaveDefinitionAsync(definition, publish: true);

    private static async Task<string> RefusalAsync(Func<Task> work) => (await Assert.ThrowsAsync<WorkflowException>(work)).Message;
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class MoveOnPostgresTests : MoveTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
