using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Steps that wait for a time, an event or a request, without a thread. The time moves only when a test says so.</summary>
public class WaitingTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    private static readonly DateTimeOffset Start = new(2025, 4, 8, 0, 0, 0, TimeSpan.Zero); // A Tuesday.

    [Theory]
    [InlineData("Elsa.Delay", "timeSpan", "TimeSpan", "00:10:00", 10)]
    [InlineData("Elsa.Timer", "interval", "TimeSpan", "01:00:00", 60)]
    [InlineData("Elsa.StartAt", "dateTime", "DateTimeOffset", "2025-04-08T03:00:00Z", 180)]
    [InlineData("Elsa.Cron", "cronExpression", "String", "30 5 * * *", 330)]
    [InlineData("Elsa.Cron", "cronExpression", "String", "0 0 1 ? * WED", 1500)]
    public async Task Run_WaitsForATime_IsSuspendedUntilThen(string type, string input, string typeName, string value, int minutes)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "b").Activity("wait", type, (input, FlowBuilder.Value(typeName, "Literal", value))).Edges("a -> wait -> b").Build());

        var waiting = await test.DrainAsync(id);
        var bookmark = Assert.Single(await test.Store.ListBookmarksAsync());
        test.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromMilliseconds(1));
        var stillWaiting = await test.DrainAsync(id);
        test.Time.Advance(TimeSpan.FromMilliseconds(1));
        var ended = await test.DrainAsync(id);

        Assert.Equal((RunStatus.Running, RunSubStatus.Suspended, StepStatus.Suspended), (waiting.Status, waiting.SubStatus, waiting.Steps[1].Status));
        Assert.Equal((BookmarkKind.Time, Start.AddMinutes(minutes), "wait"), (bookmark.Kind, bookmark.DueAt, bookmark.ActivityId));
        Assert.Equal(RunSubStatus.Suspended, stillWaiting.SubStatus);
        Assert.Equal((RunSubStatus.Finished, "a,b"), (ended.SubStatus, string.Join(',', test.Executor.Names)));
        Assert.Empty(await test.Store.ListBookmarksAsync());
        Assert.Equal(["Started", "a Started", "a Completed", "wait Suspended", "wait Completed", "b Started", "b Completed", "Completed"], await test.EventsAsync(id));
    }

    [Fact]
    public async Task Run_StartAtInThePast_DoesNotWait()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "b")
            .Activity("wait", "Elsa.StartAt", ("dateTime", FlowBuilder.Value("DateTimeOffset", "Literal", "2025-04-07T03:00:00Z"))).Edges("a -> wait -> b").Build());
        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(id)).SubStatus);
    }

    [Fact]
    public async Task Run_OneBranchWaitsAnotherWorks_IsExecuting()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a", "b").Activity("wait", "Elsa.Delay").Edges("a -> wait, a -> b").Build());
        await test.Worker.ExecuteNextAsync();
        Assert.Equal(RunSubStatus.Executing, (await test.RunAsync(id)).SubStatus);
        await test.Worker.ExecuteNextAsync();
        Assert.Equal(RunSubStatus.Suspended, (await test.RunAsync(id)).SubStatus);
    }

    [Fact]
    public async Task CancelRun_Suspended_EndsAtOnceAndForgetsItsBookmarks()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Activity("start", "Elsa.Start").Activity("wait", "Elsa.Delay").Edges("start -> wait -> a").Build());

        Assert.True(await test.Engine.CancelRunAsync(id, "not needed", "me"));

        var run = await test.RunAsync(id);
        Assert.Equal((RunSubStatus.Cancelled, StepStatus.Canceled), (run.SubStatus, run.Steps[1].Status));
        Assert.Empty(await test.Store.ListBookmarksAsync());
        test.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(await test.Worker.ExecuteNextAsync());
    }

    [Fact]
    public async Task Resume_WaitAnyJoin_CancelsTheTimerOfTheLoser()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Steps("late", "after").Activity("start", "Elsa.Start").Activity("wait", "Elsa.Delay")
            .Activity("event", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "go"))).Join("join", "WaitAny")
            .Edges("start -> wait -> late -> join, start -> event -> join, join -> after").Build());

        await test.Engine.PublishEventAsync("go");
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Finished, "after"), (run.SubStatus, string.Join(',', test.Executor.Names)));
        Assert.Empty(await test.Store.ListBookmarksAsync());
    }

    [Fact]
    public async Task PublishEvent_WaitingRun_GoesOnWithThePayload()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(EventFlow(), publish: true);
        var mine = await test.Engine.StartRunAsync("flow", null, new("test", "me") { CorrelationId = "order-1" });
        var other = await test.Engine.StartRunAsync("flow", null, new("test", "me") { CorrelationId = "order-2" });

        var wrongCase = await test.Engine.PublishEventAsync("Labels");
        var delivery = await test.Engine.PublishEventAsync("labels", new JsonObject { ["rows"] = 7 }, "order-1");
        var again = await test.Engine.PublishEventAsync("labels", null, "order-1");
        var run = await test.DrainAsync(mine);

        Assert.Empty(wrongCase.ResumedRuns);
        Assert.Equal([mine], delivery.ResumedRuns);
        Assert.Empty(again.ResumedRuns);
        Assert.Equal("""{"got":{"rows":7}}""", run.Variables.ToJsonString());
        Assert.Equal(RunSubStatus.Suspended, (await test.RunAsync(other)).SubStatus);
        Assert.Equal([other], (await test.Engine.PublishEventAsync("labels")).ResumedRuns);
    }

    [Fact]
    public async Task PublishEvent_Trigger_StartsARunWithPayloadAndCorrelation()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Variable("got", "Object").Steps("work")
            .Activity("on", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "labels")), ("result", FlowBuilder.Output("got")))
            .Edges("on -> work").Build(), publish: true);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Input("needed", "Int32", isRequired: true)
            .Activity("on", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "labels"))).Build("cannot"), publish: true);

        var delivery = await test.Engine.PublishEventAsync("labels", 7, "order-1");
        var run = await test.DrainAsync(Assert.Single(delivery.StartedRuns));

        Assert.Equal(("order-1", "event 'labels'", RunSubStatus.Finished), (run.CorrelationId, run.Reason, run.SubStatus));
        Assert.Equal("""{"got":7}""", run.Variables.ToJsonString());
        Assert.Contains("Input 'needed' is missing", Assert.Single(delivery.Problems));
    }

    [Fact]
    public async Task Run_PublishEventActivity_ReachesOtherRunsAndItself()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var waiting = await test.StartAsync(EventFlow("other"));
        var id = await test.StartAsync(new FlowBuilder().Variable("got", "Object").Steps("after").Activity("start", "Elsa.Start")
            .Activity("publish", "Elsa.PublishEvent", ("eventName", FlowBuilder.Value("String", "Literal", "labels")), ("payload", FlowBuilder.Value("Object", "Object", "[1]")))
            .Activity("own", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "labels")), ("result", FlowBuilder.Output("got")))
            .Edges("start -> publish, start -> own, publish -> after, own -> after").Build());

        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Finished, """{"got":[1]}"""), (run.SubStatus, run.Variables.ToJsonString()));
        Assert.Equal(["work", "after"], test.Executor.Names.OrderDescending());
        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(waiting)).SubStatus);
        Assert.Equal("Resumed 2 and started 0 runs.", run.Steps.Single(step => step.ActivityId == "publish").Message);
    }

    [Fact]
    public async Task Run_LocalEvent_ReachesOnlyItsOwnRun()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var other = await test.StartAsync(EventFlow("other"));
        var id = await test.StartAsync(new FlowBuilder().Activity("start", "Elsa.Start")
            .Activity("publish", "Elsa.PublishEvent", ("eventName", FlowBuilder.Value("String", "Literal", "labels")), ("isLocalEvent", FlowBuilder.Value("Boolean", "Literal", true)))
            .Edges("start -> publish").Build());

        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(id)).SubStatus);
        Assert.Equal(RunSubStatus.Suspended, (await test.RunAsync(other)).SubStatus);
    }

    [Fact]
    public async Task Run_EventInALoop_WaitsForEachRoundAnew()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Variable("more", "Boolean").Activity("start", "Elsa.Start").Decision("again", "more")
            .Activity("on", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "next")), ("result", FlowBuilder.Output("more")))
            .Edges("start -> on -> again, again:True -> on").Build());

        Assert.Single((await test.Engine.PublishEventAsync("next", true)).ResumedRuns);
        Assert.Equal(RunSubStatus.Suspended, (await test.RunAsync(id)).SubStatus);
        Assert.Single((await test.Engine.PublishEventAsync("next", false)).ResumedRuns);

        var run = await test.RunAsync(id);
        Assert.Equal((RunSubStatus.Finished, "start,on,again,on~2,again~2"), (run.SubStatus, string.Join(',', run.Steps.Select(step => step.StepId))));
    }

    [Fact]
    public async Task ReceiveRequest_PathAndMethod_ResumeAndStart()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        JsonNode Path() => FlowBuilder.Value("String", "Literal", "/labels/{customer}");
        JsonNode Methods() => FlowBuilder.Value("Object", "Object", """["POST"]""");
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Variable("route", "Object").Activity("start", "Elsa.Start")
            .Activity("on", "Elsa.HttpEndpoint", ("path", Path()), ("supportedMethods", Methods()), ("routeData", FlowBuilder.Output("route"))).Edges("start -> on").Build("waits"), publish: true);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Variable("body", "Object")
            .Activity("on", "Elsa.HttpEndpoint", ("path", Path()), ("supportedMethods", Methods()), ("parsedContent", FlowBuilder.Output("body"))).Build("starts"), publish: true);
        var waiting = await test.Engine.StartRunAsync("waits", null, new("test", "me"));

        var get = await test.Engine.ReceiveRequestAsync(new("/labels/ada", "GET", "anyone"));
        var elsewhere = await test.Engine.ReceiveRequestAsync(new("/labels/ada/more", "POST", "anyone"));
        var delivery = await test.Engine.ReceiveRequestAsync(new("/labels/ada", "POST", "anyone") { Content = new JsonObject { ["y"] = 1 } });

        Assert.Empty(get.ResumedRuns.Concat(get.StartedRuns).Concat(elsewhere.ResumedRuns).Concat(elsewhere.StartedRuns));
        Assert.Equal([waiting], delivery.ResumedRuns);
        Assert.Equal("""{"route":{"customer":"ada"}}""", (await test.RunAsync(waiting)).Variables.ToJsonString());
        Assert.Equal("""{"body":{"y":1}}""", (await test.RunAsync(Assert.Single(delivery.StartedRuns))).Variables.ToJsonString());
    }

    [Theory]
    [InlineData("true")]
    [InlineData("variables.guarded")] // Cannot be known for a trigger, so it guards.
    public async Task ReceiveRequest_EndpointThatAuthorizes_LetsInOnlyWhoIsKnown(string authorize)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        (string, JsonNode?)[] Inputs() =>
        [
            ("path", FlowBuilder.Value("String", "Literal", "labels")),
            ("authorize", FlowBuilder.Value("Boolean", authorize == "true" ? "Literal" : "JavaScript", authorize)),
        ];
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Variable("guarded", "Boolean", true).Activity("on", "Elsa.HttpEndpoint", Inputs()).Build("starts"), publish: true);
        var waiting = await test.StartAsync(new FlowBuilder().Variable("guarded", "Boolean", true).Activity("start", "Elsa.Start").Activity("on", "Elsa.HttpEndpoint", Inputs()).Edges("start -> on").Build("waits"));

        var unknown = await test.Engine.ReceiveRequestAsync(new("labels", "GET", "anyone"));
        var known = await test.Engine.ReceiveRequestAsync(new("labels", "GET", "ada") { IsAuthenticated = true });

        Assert.True(unknown.NeedsAuthentication);
        Assert.Empty(unknown.ResumedRuns.Concat(unknown.StartedRuns));
        Assert.Equal([waiting], known.ResumedRuns);
        Assert.Single(known.StartedRuns);
        Assert.False(known.NeedsAuthentication);
    }

    [Fact]
    public async Task RetryRun_AfterACancelledWait_WaitsAgain()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(EventFlow());
        await test.Engine.CancelRunAsync(id, "too early", "me");

        await test.Engine.RetryRunAsync(id, "me");
        var waiting = await test.RunAsync(id);
        await test.Engine.PublishEventAsync("labels", 7);
        var run = await test.DrainAsync(id);

        Assert.Equal((RunStatus.Running, RunSubStatus.Suspended), (waiting.Status, waiting.SubStatus));
        Assert.Equal((RunSubStatus.Finished, """{"got":7}"""), (run.SubStatus, run.Variables.ToJsonString()));
        Assert.Equal(["start Completed", "wait Canceled", "wait~2 Completed", "work Completed"], run.Steps.Select(step => $"{step.StepId} {step.Status}"));
    }

    [Fact]
    public async Task RetryStep_TheTriggerThatTheRunBeganAt_PassesItWithWhatItWasGiven()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Variable("got", "Object").Steps("work")
            .Activity("on", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "labels")), ("result", FlowBuilder.Output("got")))
            .Edges("on -> work").Build(), publish: true);
        var id = Assert.Single((await test.Engine.PublishEventAsync("labels", 7)).StartedRuns);
        await test.DrainAsync(id);

        await test.Engine.RetryStepAsync(id, "on", "me");
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Finished, """{"got":7}"""), (run.SubStatus, run.Variables.ToJsonString()));
        Assert.Equal(["work", "work"], test.Executor.Names);
    }

    [Fact]
    public async Task Run_CronThatNeverComes_FaultsClearly()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(new FlowBuilder().Activity("start", "Elsa.Start")
            .Activity("wait", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", "0 0 30 2 *"))).Edges("start -> wait").Build());
        Assert.Equal("wait: The cron expression '0 0 30 2 *' has no moment any more. Change it.", (await test.RunAsync(id)).Fault);
    }

    [Theory]
    [InlineData(false, RunStatus.Finished, StepStatus.Canceled)]
    [InlineData(true, RunStatus.Running, StepStatus.Suspended)]
    public async Task Run_FaultBesideAWait_EndsItOrGoesOnByStrategy(bool continues, RunStatus status, StepStatus wait)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.Fails("bad", "no disk");
        var flow = new FlowBuilder().Activity("start", "Elsa.Start").Activity("wait", "Elsa.Delay").Steps("bad", "after").Edges("start -> wait -> after, start -> bad");
        var id = await test.StartAsync((continues ? flow.ContinueWithIncidents() : flow).Build());

        var run = await test.DrainAsync(id);
        Assert.Equal((status, wait), (run.Status, run.Steps.Single(step => step.StepId == "wait").Status));
        test.Time.Advance(TimeSpan.FromMinutes(1));
        run = await test.DrainAsync(id);

        Assert.Equal((RunStatus.Finished, RunSubStatus.Faulted, 1), (run.Status, run.SubStatus, run.IncidentCount));
        Assert.Equal(continues, test.Executor.Names.Contains("after"));
    }

    [Fact]
    public async Task Publish_DeliveredAgainAfterACrash_StartsARunOnceAndSkipsLaterWaits()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("on", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "labels"))).Build("started"), publish: true);
        var first = await test.StartAsync(EventFlow());
        var published = new PublishedEvent("labels", null, null, "me", Start) { IdempotencyKey = "event/run/step" };

        var once = await test.Engine.Delivery.PublishAsync(published, default);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        var later = await test.Engine.StartRunAsync("flow", null, new("test", "me"));
        var again = await test.Engine.Delivery.PublishAsync(published, default);

        Assert.Equal([first], once.ResumedRuns);
        Assert.Empty(again.ResumedRuns);
        Assert.Equal(RunSubStatus.Suspended, (await test.RunAsync(later)).SubStatus);
        Assert.Single(await test.Store.ListRunsAsync(new() { DefinitionId = "started" }));
    }

    [Fact]
    public async Task Sweep_WaitThatFails_IsPutOffAndHoldsUpNoOther()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var broken = await test.StartAsync(new FlowBuilder().Activity("start", "Elsa.Start").Activity("wait", "Elsa.Delay").Edges("start -> wait").Build("broken"));
        var sound = await test.StartAsync(new FlowBuilder().Activity("start", "Elsa.Start").Activity("wait", "Elsa.Delay").Edges("start -> wait").Build("sound"));
        await BreakAsync(test, broken);
        test.Time.Advance(TimeSpan.FromMinutes(1));
        var fresh = new WorkflowEngine(test.Store, TestEngine.Catalog, null, test.Time); // Has not read the broken version yet.

        await Assert.ThrowsAsync<WorkflowException>(() => fresh.Sweep.SweepAsync(default));
        await fresh.Sweep.SweepAsync(default);

        Assert.Equal(RunSubStatus.Finished, (await test.RunAsync(sound)).SubStatus);
        Assert.Equal(test.Time.GetUtcNow().AddMinutes(1), Assert.Single(await test.Store.ListBookmarksAsync()).DueAt);
    }

    [Fact]
    public async Task ExecuteNext_DeadStepOfADamagedRun_HoldsUpNoOther()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var broken = await test.StartAsync(new FlowBuilder().Steps("lost").Build("broken"));
        await test.Engine.Leases.ClaimAsync("a worker that dies", default);
        await BreakAsync(test, broken);
        var sound = await test.StartAsync(new FlowBuilder().Steps("a").Build("sound"));
        test.Time.Advance(TimeSpan.FromMinutes(1)); // The lease is over.
        var worker = new WorkflowWorker(new WorkflowEngine(test.Store, TestEngine.Catalog, null, test.Time), test.Executor); // Has not read the broken version yet.
        var failures = new List<string>();
        worker.Failed += failure => failures.Add(failure.Message);

        while (await worker.ExecuteNextAsync())
        {
        }

        Assert.Equal(RunSubStatus.Finished, (await test.RunAsync(sound)).SubStatus);
        Assert.Contains("cannot be read", Assert.Single(failures)); // Once a minute, and not at every turn.
    }

    /// <summary>The stored version is damaged, so that the run cannot be moved on.</summary>
    private static Task BreakAsync(TestEngine test, string run) => test.Store.Database.WriteAsync(async (connection, transaction) =>
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"update workflow_definitions set content = '{{' where id = (select definition_version_id from workflow_instances where id = '{run}')";
        return await command.ExecuteNonQueryAsync();
    }, default);

    private static Model.WorkflowDefinition EventFlow(string id = "flow") => new FlowBuilder().Variable("got", "Object").Steps("work").Activity("start", "Elsa.Start")
        .Activity("wait", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "labels")), ("result", FlowBuilder.Output("got")))
        .Edges("start -> wait -> work").Build(id);
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class WaitingOnPostgresTests : WaitingTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
