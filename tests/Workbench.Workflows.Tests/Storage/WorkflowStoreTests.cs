using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Storage;

public class WorkflowStoreTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task SaveDefinition_DraftsAndPublications_AreVersioned()
    {
        await using var test = await TestStore.CreateAsync(kind: Kind);
        var store = test.Store;

        var draft = await store.SaveDefinitionAsync(Flow("a"), publish: false);
        var again = await store.SaveDefinitionAsync(Flow("a", "b"), publish: false);
        var published = await store.SaveDefinitionAsync(Flow("a", "b"), publish: true);
        var same = await store.SaveDefinitionAsync(Flow("a", "b"), publish: true);
        var next = await store.SaveDefinitionAsync(Flow("c"), publish: false);

        Assert.Equal([(1, false), (1, false), (1, true), (1, true), (2, false)],
            new[] { draft, again, published, same, next }.Select(version => (version.Version, version.IsPublished)));
        Assert.Equal(draft.Id, same.Id);
        Assert.Equal(1, (await store.GetPublishedAsync("flow"))?.Version);
        Assert.Equal(2, (await store.GetLatestAsync("flow"))?.Version);
        var second = await store.SaveDefinitionAsync(Flow("c"), publish: true);
        Assert.Equal(2, second.Version);
        Assert.Equal([(2, true, true), (1, false, false)],
            (await store.ListVersionsAsync("flow")).Select(version => (version.Version, version.IsLatest, version.IsPublished)));
    }

    [Fact]
    public async Task SaveDefinition_NodeIds_AreRewritten()
    {
        await using var test = await TestStore.CreateAsync(kind: Kind);
        var saved = await test.Store.SaveDefinitionAsync(Flow("a"), publish: false);
        Assert.Equal("Workflow1:Flowchart1:a", saved.Root.Activities[0].NodeId);
        Assert.Equal(saved.ToJson(), (await test.Store.GetByVersionIdAsync(saved.Id!))?.ToJson());
    }

    [Fact]
    public async Task Retract_PublishedVersion_NoRunStartsFromIt()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow("a"));
        Assert.True(await test.Store.RetractAsync("flow"));
        Assert.False(await test.Store.RetractAsync("flow"));
        await Assert.ThrowsAsync<WorkflowException>(() => test.Engine.StartRunAsync("flow", null, new("x", "y")));

        // The run is pinned to the retracted version, so a draft must not overwrite it.
        var draft = await test.Store.SaveDefinitionAsync(Flow("other"), publish: false);
        Assert.Equal(2, draft.Version);
        await test.DrainAsync(id);
        Assert.Equal(["a"], test.Executor.Names);
    }

    [Fact]
    public async Task ListTriggers_PublishedDefinitions_GivesActivitiesAndCustomEntries()
    {
        await using var test = await TestStore.CreateAsync(kind: Kind);
        var json = JsonNode.Parse(new FlowBuilder().Steps("work")
            .Activity("nightly", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", "0 2 * * *")),
                ("customProperties", new JsonObject { ["timeZone"] = "Europe/Vienna" }))
            .Edges("nightly -> work").Build().ToJson())!.AsObject();
        json["customProperties"] = JsonNode.Parse("""{"triggers":[{"type":"drift","model":"churn"},{"type":"metric","metric":"accuracy","below":0.9}]}""");
        await test.Store.SaveDefinitionAsync(WorkflowDefinition.Parse(json), publish: true);
        await test.Store.SaveDefinitionAsync(Flow("draft") with { DefinitionId = "draft" }, publish: false);

        var triggers = await test.Store.ListTriggersAsync();

        Assert.Equal([("Elsa.Cron", "nightly"), ("drift", null), ("metric", null)], triggers.Select(trigger => (trigger.Type, trigger.ActivityId)));
        Assert.Equal("0 2 * * *", triggers[0].Config["cronExpression"]?.GetValue<string>());
        Assert.Equal("Europe/Vienna", triggers[0].Config["timeZone"]?.GetValue<string>());
        Assert.Equal(0.9, triggers[2].Config["below"]?.GetValue<double>());
    }

    [Fact]
    public async Task ListRuns_Filter_AppliesAndPages()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Flow("a"), publish: true);
        var ids = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            ids.Add(await test.Engine.StartRunAsync("flow", null, new($"reason {index}", "me")));
            test.Time.Advance(TimeSpan.FromSeconds(1));
        }
        await test.Worker.ExecuteNextAsync();

        Assert.Equal([ids[2], ids[1]], (await test.Store.ListRunsAsync(new() { Take = 2 })).Select(run => run.Id));
        Assert.Equal([ids[2], ids[1]], (await test.Store.ListRunsAsync(new() { Status = RunStatus.Running })).Select(run => run.Id));
        Assert.Equal([ids[0]], (await test.Store.ListRunsAsync(new() { Skip = 2 })).Select(run => run.Id));
        Assert.Empty(await test.Store.ListRunsAsync(new() { DefinitionId = "other" }));
        Assert.Null(await test.Store.GetRunAsync("none"));
    }

    [Fact]
    public async Task Journal_AfterSequence_GivesWhatIsNew()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow("a"));
        var before = await test.Store.GetJournalAsync(id);
        var updated = (await test.RunAsync(id)).UpdatedAt;
        await test.DrainAsync(id);

        var news = await test.Store.GetJournalAsync(id, before[^1].Sequence);

        Assert.Equal(["Started", "Completed", "Completed"], news.Select(entry => entry.EventName));
        Assert.Equal([2L, 3L, 4L], news.Select(entry => entry.Sequence));
        Assert.True((await test.RunAsync(id)).UpdatedAt > updated); // though the clock stood still
    }

    [Fact]
    public async Task Migrate_Twice_ChangesNothing()
    {
        await using var test = await TestStore.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(Flow("a"), publish: true);
        await Task.WhenAll(test.Store.MigrateAsync(), test.Store.MigrateAsync());
        Assert.Single(await test.Store.ListDefinitionsAsync());
    }

    private static WorkflowDefinition Flow(params string[] steps) => new FlowBuilder().Steps(steps).Build();
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class WorkflowStoreOnPostgresTests : WorkflowStoreTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
