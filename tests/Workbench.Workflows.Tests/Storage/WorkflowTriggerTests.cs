using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Storage;

/// <summary>The table of triggers: what publishing, retracting and deleting make of it. The engine's clock starts at 2025-04-08 00:00 UTC.</summary>
public class WorkflowTriggerTests
{
    private static readonly DateTimeOffset Start = new(2025, 4, 8, 0, 0, 0, TimeSpan.Zero);

    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task SaveDefinition_Published_GivesOneRowATrigger()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *", new JsonObject { ["type"] = "drift", ["model"] = "churn" }, new JsonObject { ["type"] = "drift", ["model"] = "chat" },
            new JsonObject { ["type"] = "webhook", ["id"] = "labels" }), publish: true);
        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *") with { DefinitionId = "draft" }, publish: false);

        var triggers = await test.Store.ListTriggersAsync();

        Assert.Equal([("flow:nightly", "Elsa.Cron"), ("flow:drift", "drift"), ("flow:drift-2", "drift"), ("flow:labels", "webhook")], triggers.Select(trigger => (trigger.Id, trigger.Type)));
        Assert.Equal(("nightly", Start.AddHours(2), Start, false), (triggers[0].ActivityId, triggers[0].NextAt, triggers[0].ActiveSince, triggers[0].IsPaused));
        Assert.Equal(("chat", null), ((string?)triggers[2].Config["model"], triggers[2].NextAt));
        Assert.Equal([triggers[1].Id, triggers[2].Id], (await test.Store.ListTriggersAsync(new() { Types = ["drift"] })).Select(trigger => trigger.Id));
        Assert.Equal([2, 26, 50], triggers[0].NextFireTimes(3).Select(moment => (moment - Start).TotalHours));
    }

    [Fact]
    public async Task SaveDefinition_PublishedAgain_KeepsTheStateOfWhatIsStillThere()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *", new JsonObject { ["type"] = "drift" }), publish: true);
        await test.Store.PauseTriggerAsync("flow:nightly", "ada");
        await test.Engine.FireTriggerAsync("flow:nightly", new TriggerFiring("by hand", "ada") { IsByHand = true });
        test.Time.Advance(TimeSpan.FromHours(3));

        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *", new JsonObject { ["type"] = "webhook" }), publish: true);

        var triggers = await test.Store.ListTriggersAsync();
        Assert.Equal(["flow:nightly", "flow:webhook"], triggers.Select(trigger => trigger.Id));
        // Two o'clock has passed unseen, and is not forgotten.
        Assert.Equal((true, "ada", 2, Start.AddHours(2), "by hand"), (triggers[0].IsPaused, triggers[0].PausedBy, triggers[0].Version, triggers[0].NextAt, triggers[0].LastReason));
        Assert.NotNull(triggers[0].LastRunId);

        await test.Store.SaveDefinitionAsync(Nightly("0 4 * * *"), publish: true);
        Assert.Equal(Start.AddHours(4), Assert.Single(await test.Store.ListTriggersAsync()).NextAt);
    }

    [Fact]
    public async Task Retract_ThenPublish_WaitsWithItsStateAndMissesNothing()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *"), publish: true);
        await test.Store.PauseTriggerAsync("flow:nightly", "ada");
        await test.Store.RetractAsync("flow");
        Assert.Empty(await test.Store.ListTriggersAsync());
        Assert.Equal((false, null), (await test.Store.ListTriggersAsync(new() { IncludeInactive = true })).Select(trigger => (trigger.IsActive, trigger.NextAt)).Single());
        Assert.Equal(TriggerResult.Paused, (await test.Engine.FireTriggerAsync("flow:nightly", new TriggerFiring("by hand", "ada") { IsByHand = true })).Result);

        test.Time.Advance(TimeSpan.FromDays(3));
        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *"), publish: true);

        var trigger = Assert.Single(await test.Store.ListTriggersAsync());
        Assert.Equal((true, Start.AddDays(3).AddHours(2), Start.AddDays(3)), (trigger.IsPaused, trigger.NextAt, trigger.ActiveSince));
    }

    [Fact]
    public async Task Delete_DefinitionOrItsPublishedVersion_TakesTheTriggersAlong()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var first = await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *"), publish: true);
        await test.Store.SaveDefinitionAsync(Nightly("0 3 * * *"), publish: false);
        await test.Store.DeleteVersionAsync(first.Id!);
        Assert.Empty(await test.Store.ListTriggersAsync());
        Assert.NotNull(await test.Store.GetTriggerAsync("flow:nightly"));
        await test.Store.DeleteDefinitionAsync("flow");
        Assert.Null(await test.Store.GetTriggerAsync("flow:nightly"));
    }

    [Fact]
    public async Task Migrate_DefinitionsPublishedBeforeThereWasATable_GetTheirRows()
    {
        await using var test = await TestStore.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *"), publish: true);
        await using (var connection = await test.OpenAsync(TestContext.Current.CancellationToken))
        await using (var command = connection.CreateCommand())
        {
            // As the scripts leave the database of an earlier version.
            command.CommandText = "delete from workflow_triggers; update workflow_definitions set has_triggers = null";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        Assert.Empty(await test.Store.ListTriggersAsync());
        await test.Store.MigrateAsync();
        Assert.Equal("flow:nightly", Assert.Single(await test.Store.ListTriggersAsync()).Id);
    }

    [Theory]
    [InlineData("once", 26)]
    [InlineData("none", 26)]
    [InlineData("all", 2)]
    public async Task Resume_AfterAMissedMoment_CatchesUpOnlyWithMisfireAll(string misfire, int nextHour)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Nightly("0 2 * * *", "nightly", ("misfire", misfire)), publish: true);
        Assert.True(await test.Store.PauseTriggerAsync("flow:nightly", "ada"));
        Assert.False(await test.Store.PauseTriggerAsync("flow:nightly", "bob"));
        test.Time.Advance(TimeSpan.FromHours(3));
        Assert.Empty(await test.Engine.FireDueTriggersAsync());
        Assert.True(await test.Store.ResumeTriggerAsync("flow:nightly"));
        Assert.False(await test.Store.ResumeTriggerAsync("flow:nightly"));
        Assert.Equal(Start.AddHours(nextHour), (await test.Store.GetTriggerAsync("flow:nightly"))?.NextAt);
        Assert.Equal(misfire == "all" ? 1 : 0, (await test.Engine.FireDueTriggersAsync()).Count);
    }

    [Fact]
    public async Task Pause_UnknownTrigger_IsNamed() => Assert.Contains("no trigger 'flow:x'",
        (await Assert.ThrowsAsync<WorkflowException>(async () =>
        {
            await using var test = await TestStore.CreateAsync(kind: Kind);
            await test.Store.PauseTriggerAsync("flow:x", "ada");
        })).Message);

    private static WorkflowDefinition Nightly(string cron, params JsonObject[] entries)
    {
        var flow = new FlowBuilder().Steps("work").Activity("nightly", TriggerTypes.Cron, ("cronExpression", FlowBuilder.Value("String", "Literal", cron))).Edges("nightly -> work");
        return (entries.Length == 0 ? flow : flow.Setting("triggers", new JsonArray([.. entries]))).Build();
    }

    private static WorkflowDefinition Nightly(string cron, string id, params (string Name, JsonNode? Value)[] settings) => new FlowBuilder().Steps("work")
        .Activity(id, TriggerTypes.Cron, ("cronExpression", FlowBuilder.Value("String", "Literal", cron)),
            ("customProperties", new JsonObject(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))))).Edges($"{id} -> work").Build();
}

public sealed class PostgreSqlWorkflowTriggerTests : WorkflowTriggerTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
