using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What comes of a trigger that fires. The clock starts on Tuesday, 2025-04-08 00:00 UTC; moments are counted by hand.</summary>
public class TriggerFiringTests
{
    private static readonly DateTimeOffset Start = new(2025, 4, 8, 0, 0, 0, TimeSpan.Zero);

    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task FireDue_MomentComes_StartsOneRunThatSaysWhy()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *"), publish: true);

        test.Time.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await test.Engine.FireDueTriggersAsync());
        test.Time.Advance(TimeSpan.FromMilliseconds(1));
        var outcome = Assert.Single(await test.Engine.FireDueTriggersAsync());
        Assert.Empty(await test.Engine.FireDueTriggersAsync());

        var run = Assert.Single(await test.Store.ListRunsAsync());
        Assert.Equal((outcome.RunId, "schedule '0 2 * * *', 2025-04-08 02:00:00Z", "schedule", "flow:nightly"), (run.Id, run.Reason, run.Actor, run.TriggerId));
        Assert.Equal("""{"scheduledAt":"2025-04-08T02:00:00Z","missed":0}""", run.TriggerPayload?.ToJsonString());
        var trigger = await test.Store.GetTriggerAsync("flow:nightly");
        Assert.Equal((run.Id, run.Reason, Start.AddHours(2), Start.AddHours(26), 0), (trigger!.LastRunId, trigger.LastReason, trigger.LastFiredAt, trigger.NextAt, trigger.SkippedCount));
        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(run.Id)).SubStatus);
    }

    // Nights of the 8th, 9th and 10th; the host comes back on the 10th at nine.
    [Theory]
    [InlineData(null, null, "10", 2)]
    [InlineData("once", null, "10", 2)]
    [InlineData("all", null, "8,9,10", 0)]
    [InlineData("all", 2, "9,10", 1)]
    [InlineData("none", null, "", 3)]
    public async Task FireDue_HostWasDownThreeNights_CatchesUpAsThePolicySays(string? misfire, int? limit, string days, int skipped)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *", ("misfire", misfire), ("misfireLimit", limit)), publish: true);
        test.Time.Advance(TimeSpan.FromHours(57));

        await test.Engine.FireDueTriggersAsync();
        await test.Engine.FireDueTriggersAsync();

        var runs = await test.Store.ListRunsAsync();
        Assert.Equal(days, string.Join(',', runs.Select(run => DateTimeOffset.Parse((string)run.TriggerPayload!["scheduledAt"]!).Day).Order()));
        var trigger = await test.Store.GetTriggerAsync("flow:nightly");
        Assert.Equal((skipped, Start.AddHours(74)), (trigger!.SkippedCount, trigger.NextAt));
        if (skipped > 0)
            Assert.Contains($"{skipped} moments before 2025-04-10 09:00:00Z", trigger.LastSkipReason);
    }

    [Fact]
    public async Task FireDue_AMomentLate_IsOnTime()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *", ("misfire", "none")), publish: true);
        test.Time.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(60));
        Assert.Single(await test.Engine.FireDueTriggersAsync());
        Assert.Equal(0, (await test.Store.GetTriggerAsync("flow:nightly"))?.SkippedCount);
    }

    [Fact]
    public async Task FireDue_SeveralHostsAtOnce_StartOneRun()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *"), publish: true);
        test.Time.Advance(TimeSpan.FromHours(2));
        var engines = Enumerable.Range(0, 8).Select(_ => new WorkflowEngine(test.Store, TestEngine.Catalog, null, test.Time)).ToList();
        var outcomes = await Task.WhenAll(engines.Select(engine => Task.Run(() => engine.FireDueTriggersAsync())));
        Assert.Single(outcomes.SelectMany(one => one), outcome => outcome.IsStarted);
        Assert.Single(await test.Store.ListRunsAsync());
    }

    [Fact]
    public async Task FireDue_TimerAndStartAt_FireByTheirOwnKind()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("t", "Elsa.Timer", ("interval", FlowBuilder.Value("TimeSpan", "Literal", "00:10:00"))).Build("timer"), publish: true);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("s", "Elsa.StartAt", ("dateTime", FlowBuilder.Value("DateTimeOffset", "Literal", "2025-04-08T00:15:00Z"))).Build("once"), publish: true);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("s", "Elsa.StartAt", ("dateTime", FlowBuilder.Value("DateTimeOffset", "Literal", "2025-04-07T00:15:00Z"))).Build("past"), publish: true);

        for (var minute = 0; minute < 60; minute++)
        {
            test.Time.Advance(TimeSpan.FromMinutes(1));
            await test.Engine.FireDueTriggersAsync();
        }

        var reasons = (await test.Store.ListRunsAsync()).Select(run => run.Reason).Order();
        Assert.Equal(
            [
                "schedule at 2025-04-08 00:15:00Z",
                .. new[] { "00:10", "00:20", "00:30", "00:40", "00:50", "01:00" }.Select(time => $"schedule every 00:10:00, 2025-04-08 {time}:00Z"),
            ], reasons);
    }

    // Berlin's clocks go from 02:00 to 03:00 on 30 March 2025, and from 03:00 back to 02:00 on 26 October 2025.
    [Theory]
    [InlineData("2025-03-28T12:00:00Z", "30 2 * * *", "2025-03-29 01:30,2025-03-30 01:00,2025-03-31 00:30,2025-04-01 00:30,2025-04-02 00:30")]
    [InlineData("2025-10-24T12:00:00Z", "30 2 * * *", "2025-10-25 00:30,2025-10-26 00:30,2025-10-27 01:30,2025-10-28 01:30,2025-10-29 01:30")]
    [InlineData("2025-03-28T12:00:00Z", "0 30 2 ? * SUN", "2025-03-30 01:00,2025-04-06 00:30,2025-04-13 00:30,2025-04-20 00:30,2025-04-27 00:30")]
    public void NextFireTimes_ChangeOfClocks_KeepTheLocalTime(string now, string cron, string expected)
    {
        var schedule = Triggers.TriggerSchedule.Read("Elsa.Cron", new() { ["cronExpression"] = cron, ["timeZone"] = "Europe/Berlin" })!;
        var moments = schedule.Upcoming(schedule.First(DateTimeOffset.Parse(now)), 5);
        Assert.Equal(expected, string.Join(',', moments.Select(moment => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm"))));
    }

    // Ten years of seconds: neither minutes of counting nor a storm.
    [Fact]
    public void Due_YearsOfSeconds_GivesTheLatestAndTheNext()
    {
        var schedule = Triggers.TriggerSchedule.Read("Elsa.Cron", new() { ["cronExpression"] = "* * * * * *" })!;
        var due = schedule.Due(Start, Start.AddYears(10), 2);
        Assert.Equal([Start.AddYears(10).AddSeconds(-1), Start.AddYears(10)], due.Latest);
        Assert.Equal(Start.AddYears(10).AddSeconds(1), due.Following);
        var timer = Triggers.TriggerSchedule.Read("Elsa.Timer", new() { ["interval"] = "00:00:01" })!.Due(Start, Start.AddDays(1), 3);
        Assert.Equal((3, 86_398, Start.AddDays(1).AddSeconds(1)), (timer.Latest.Count, timer.Earlier, timer.Following));
    }

    [Theory]
    [InlineData("queue", 2, "Executing,Executing")]
    [InlineData("skip", 1, "Executing")]
    [InlineData("replace", 2, "Cancelled,Executing")]
    public async Task Fire_WhileARunGoesOn_DoesAsThePolicySays(string overlap, int runs, string states)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *", ("overlap", overlap)), publish: true);
        test.Time.Advance(TimeSpan.FromHours(2));
        var first = Assert.Single(await test.Engine.FireDueTriggersAsync());
        test.Time.Advance(TimeSpan.FromDays(1));
        var second = Assert.Single(await test.Engine.FireDueTriggersAsync());

        var all = await test.Store.ListRunsAsync();
        Assert.Equal((runs, states), (all.Count, string.Join(',', all.OrderBy(run => run.CreatedAt).Select(run => run.SubStatus))));
        Assert.Equal(overlap == "skip" ? (TriggerResult.Skipped, first.RunId) : (TriggerResult.Started, second.RunId), (second.Result, second.RunId));
        Assert.Equal(overlap == "skip" ? 1 : 0, (await test.Store.GetTriggerAsync("flow:nightly"))?.SkippedCount);
        if (overlap == "replace")
            Assert.Contains("Replaced by a run of the trigger 'nightly'", all.Single(run => run.Id == first.RunId).Fault);
    }

    [Fact]
    public async Task Fire_ByHand_RunsWhateverTheStateOfTheTrigger()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *", ("overlap", "skip")), publish: true);
        await test.Engine.FireTriggerAsync("flow:nightly", ByHand());
        await test.Store.PauseTriggerAsync("flow:nightly", "ada");
        Assert.Equal(TriggerResult.Started, (await test.Engine.FireTriggerAsync("flow:nightly", ByHand())).Result);
        Assert.Equal(TriggerResult.Paused, (await test.Engine.FireTriggerAsync("flow:nightly", new TriggerFiring("new rows", "watcher"))).Result);
        Assert.Equal(2, (await test.Store.ListRunsAsync()).Count);
    }

    [Fact]
    public async Task Fire_TwoTriggersInOneMinute_OneRunStandsForBoth()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *", new JsonArray(Entry("newData"), Entry("alert"), Entry("webhook"))), publish: true);
        test.Time.Advance(TimeSpan.FromHours(2));
        var cron = Assert.Single(await test.Engine.FireDueTriggersAsync());
        test.Time.Advance(TimeSpan.FromSeconds(59));

        var data = await test.Engine.FireTriggerAsync("flow:newData", new TriggerFiring("new rows", "watcher"));
        var unseen = await test.Engine.FireTriggerAsync("flow:newData", new TriggerFiring("rows that the run did not see", "watcher") { NotBefore = Start.AddHours(2).AddSeconds(30) });
        var message = await test.Engine.FireTriggerAsync("flow:webhook", new TriggerFiring("a message", "sender") { BringsMessage = true });
        var hand = await test.Engine.FireTriggerAsync("flow:newData", ByHand());
        test.Time.Advance(TimeSpan.FromSeconds(61));
        var later = await test.Engine.FireTriggerAsync("flow:alert", new TriggerFiring("accuracy", "monitor"));

        Assert.Equal((TriggerResult.Skipped, cron.RunId), (data.Result, data.RunId));
        Assert.Equal([true, true, true, true], new[] { unseen, message, hand, later }.Select(outcome => outcome.IsStarted));
        Assert.Equal(5, (await test.Store.ListRunsAsync()).Count);
        Assert.Equal((1, "new rows: run " + cron.RunId + " of the same minute stands for it"), (await test.Store.GetTriggerAsync("flow:newData")) is { } trigger ? (trigger.SkippedCount, trigger.LastSkipReason) : default);
    }

    [Fact]
    public async Task Fire_DedupeNone_StartsItsOwnRun()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var own = Entry("drift");
        own["dedupe"] = "none";
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *", new JsonArray(own, Entry("alert"))), publish: true);
        await test.Engine.FireTriggerAsync("flow:alert", new TriggerFiring("accuracy", "monitor"));
        Assert.True((await test.Engine.FireTriggerAsync("flow:drift", new TriggerFiring("drift", "monitor"))).IsStarted);
    }

    [Fact]
    public async Task Fire_SameKey_ActsOnceEvenWhenTheRunIsGone()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Cron("0 2 * * *", new JsonArray(Entry("webhook"), Entry("alert"))), publish: true);
        var firing = new TriggerFiring("a message", "sender") { Key = "msg_1", BringsMessage = true };
        var first = await test.Engine.FireTriggerAsync("flow:webhook", firing);
        var again = await test.Engine.FireTriggerAsync("flow:webhook", firing);
        var other = await test.Engine.FireTriggerAsync("flow:alert", firing);
        await test.DrainAsync(first.RunId!);
        await test.Store.DeleteRunAsync(first.RunId!);
        var afterwards = await test.Engine.FireTriggerAsync("flow:webhook", firing);

        Assert.Equal((TriggerResult.Repeated, first.RunId), (again.Result, again.RunId));
        Assert.True(other.IsStarted);
        Assert.Equal(TriggerResult.Repeated, afterwards.Result);
    }

    [Fact]
    public async Task Fire_InputsAndPayload_ReachTheFlow()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var entry = Entry("newData");
        (entry["inputs"], entry["payloadInput"]) = (new JsonObject { ["weeks"] = 4, ["seed"] = 1 }, "data");
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Input("weeks", "Int32", 8).Input("seed", "Int32").Input("data", "Object").Variable("file", "String")
            .Activity("set", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "file", ["name"] = "file", ["typeName"] = "String" }),
                ("value", FlowBuilder.Value("Object", "JavaScript", "getTrigger().id + ' ' + getTrigger().payload.files[0]")))
            .Setting("triggers", new JsonArray(entry)).Build(), publish: true);

        var outcome = await test.Engine.FireTriggerAsync("flow:newData", new TriggerFiring("new rows", "watcher")
        {
            Inputs = new() { ["seed"] = 7 }, Payload = new JsonObject { ["files"] = new JsonArray("a.csv") },
        });
        var run = await test.DrainAsync(outcome.RunId!);

        Assert.Equal("""{"weeks":4,"seed":7,"data":{"files":["a.csv"]}}""", run.Inputs.ToJsonString());
        Assert.Equal("""{"file":"flow:newData a.csv"}""", run.Variables.ToJsonString());
    }

    [Fact]
    public async Task Fire_RunThatCannotStart_IsTheTriggersFailureUntilOneStarts()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Input("needed", "Int32", isRequired: true).Steps("work").Setting("triggers", new JsonArray(Entry("newData"))).Build(), publish: true);
        TriggerDecision Decide(WorkflowTrigger trigger, DateTimeOffset now) => new() { Firings = [new("new rows", "watcher")], Seen = new() { ["a.csv"] = "1" } };

        var outcome = Assert.Single(await test.Engine.FireTriggerAsync("flow:newData", Decide));
        var failed = await test.Store.GetTriggerAsync("flow:newData");
        await test.Engine.FireTriggerAsync("flow:newData", ByHand() with { Inputs = new() { ["needed"] = 1 } });
        var mended = await test.Store.GetTriggerAsync("flow:newData");

        Assert.Equal(TriggerResult.Failed, outcome.Result);
        Assert.Contains("Input 'needed' is missing", failed!.Failure);
        Assert.Equal((Start, null), (failed.FailedAt, failed.Seen)); // What it saw is not forgotten: it counts again once the inputs fit.
        Assert.Equal((null, null), (mended!.FailedAt, mended.Failure));
    }

    [Fact]
    public async Task PublishEvent_PausedTrigger_StartsNothingAndSaysSo()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("on", "Elsa.Event", ("eventName", FlowBuilder.Value("String", "Literal", "labels"))).Build(), publish: true);
        var started = await test.Engine.PublishEventAsync("labels", 7);
        await test.Store.PauseTriggerAsync("flow:on", "ada");
        var paused = await test.Engine.PublishEventAsync("labels", 7);
        Assert.Equal("7", (await test.RunAsync(Assert.Single(started.StartedRuns))).TriggerPayload?.ToJsonString());
        Assert.Empty(paused.StartedRuns);
        Assert.Contains("is paused by ada", Assert.Single(paused.Problems));
    }

    [Theory]
    [InlineData(null, "Finished")]
    [InlineData("faulted", "Faulted")]
    [InlineData("any", "Faulted,Finished")]
    public async Task FireWorkflowEnds_RunEnds_StartsOneRunForIt(string? status, string ends)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Steps("a").Build("train"), publish: true);
        var before = await test.Engine.StartRunAsync("train", null, new("test", "me"));
        await test.DrainAsync(before);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        var entry = Entry("workflow");
        (entry["workflow"], entry["status"]) = ("train", status);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Steps("b").Setting("triggers", new JsonArray(entry)).Build("report"), publish: true);
        var good = await test.Engine.StartRunAsync("train", null, new("test", "me"));
        await test.DrainAsync(good);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("f", "Elsa.Fault", ("message", FlowBuilder.Value("String", "Literal", "bad"))).Build("train"), publish: true);
        var bad = await test.Engine.StartRunAsync("train", null, new("test", "me"));
        await test.DrainAsync(bad);

        await test.Engine.FireWorkflowEndsAsync();
        test.Time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await test.Engine.FireWorkflowEndsAsync());

        var runs = await test.Store.ListRunsAsync(new() { DefinitionId = "report" });
        Assert.Equal(ends.ToLowerInvariant(), string.Join(',', runs.Select(run => (string?)run.TriggerPayload!["status"]).Order()));
        Assert.Equal(ends.Split(',').Select(end => end == "Finished" ? good : bad).Order(), runs.Select(run => (string?)run.TriggerPayload!["runId"]).Order());
    }

    [Fact]
    public async Task FireWorkflowEnds_Circle_Ends()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        foreach (var (id, other) in new[] { ("ping", "pong"), ("pong", "ping") })
        {
            var entry = Entry("workflow");
            entry["workflow"] = other;
            await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("start", "Elsa.Start").Setting("triggers", new JsonArray(entry)).Build(id), publish: true);
        }
        await test.Engine.StartRunAsync("ping", null, new("test", "me"));
        for (var look = 0; look < 30; look++)
        {
            test.Time.Advance(TimeSpan.FromSeconds(1));
            await test.Engine.FireWorkflowEndsAsync();
        }
        Assert.Equal(21, (await test.Store.ListRunsAsync()).Count);
        Assert.Contains("in a circle", (await test.Store.ListTriggersAsync()).Select(trigger => trigger.LastSkipReason).Single(reason => reason is not null));
    }

    private static TriggerFiring ByHand() => new("by hand", "ada") { IsByHand = true };

    private static JsonObject Entry(string type) => new() { ["type"] = type };

    private static WorkflowDefinition Cron(string cron, params (string Name, JsonNode? Value)[] settings) => Flow(cron, settings).Build();

    private static WorkflowDefinition Cron(string cron, JsonArray entries) => Flow(cron).Setting("triggers", entries).Build();

    private static FlowBuilder Flow(string cron, params (string Name, JsonNode? Value)[] settings) => new FlowBuilder().Steps("work")
        .Activity("nightly", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", cron)),
            ("customProperties", new JsonObject(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))))).Edges("nightly -> work");
}

public sealed class PostgreSqlTriggerFiringTests : TriggerFiringTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
