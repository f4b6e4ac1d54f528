using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Workbench.Host.Triggers;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Tests.Triggers;

/// <summary>Files have real times and the watch a clock of the test's own, which starts now: only how long nothing changed is counted by it.</summary>
public sealed class NewDataWatchTests
{
    private readonly string _project = Directory.CreateTempSubdirectory("workbench-test-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Look_FileAppears_StartsOneRunWhenItIsStable()
    {
        var engine = await EngineAsync("""{"type":"newData","path":"data/*.csv"}""");
        var watch = new NewDataWatch(engine, _project, _time);
        Write("data/old.csv", "old", minutesAgo: 60);
        Assert.Empty(await LookAsync(watch)); // What was there before the trigger starts nothing.
        Write("data/new.csv", "half", minutesAgo: 600); // Moved in: it keeps its old time.
        Assert.Empty(await LookAsync(watch, seconds: 2));
        Assert.Empty(await LookAsync(watch, seconds: 29));
        Write("data/new.csv", "whole", minutesAgo: 0); // Still being written: the time counts anew.
        Assert.Empty(await LookAsync(watch, seconds: 2));
        Assert.Empty(await LookAsync(watch, seconds: 29));
        var outcome = Assert.Single(await LookAsync(watch, seconds: 1));
        Assert.Empty(await LookAsync(watch, seconds: 60));

        var run = Assert.Single(await engine.Store.ListRunsAsync());
        Assert.Equal((outcome.RunId, "new data: data/new.csv, 1 file", "flow:newData"), (run.Id, run.Reason, run.TriggerId));
        Assert.Equal("""{"path":"data/*.csv","units":["data/new.csv"],"files":["data/new.csv"],"fileCount":1,"sizeBytes":5}""", run.TriggerPayload!.ToJsonString());
    }

    [Fact]
    public async Task Look_PartitionsAppearAndChange_StartOneRunForEachLook()
    {
        var engine = await EngineAsync("""{"type":"newData","path":"data/dt=*/","stable":"00:00:10"}""");
        var watch = new NewDataWatch(engine, _project, _time);
        await LookAsync(watch);
        Write("data/dt=1/a.parquet", "1");
        Write("data/dt=2/a.parquet", "1");
        await LookAsync(watch, seconds: 2);
        Write("data/dt=2/b.parquet", "1"); // Goes on growing while the first is whole.
        await LookAsync(watch, seconds: 10);
        await LookAsync(watch, seconds: 10);
        Write("data/dt=1/a.parquet", "corrected");
        await LookAsync(watch, seconds: 70);
        await LookAsync(watch, seconds: 10);

        var runs = await engine.Store.ListRunsAsync();
        Assert.Equal(["data/dt=1/a.parquet", "data/dt=2/a.parquet,data/dt=2/b.parquet", "data/dt=1/a.parquet"],
            runs.OrderBy(run => run.Id).Select(run => string.Join(',', run.TriggerPayload!["files"]!.AsArray().Select(file => (string?)file))));
    }

    [Fact]
    public async Task Look_TwoHosts_StartOneRun()
    {
        var engine = await EngineAsync("""{"type":"newData","path":"data/*.csv","stable":"00:00:00"}""");
        var other = new WorkflowEngine(engine.Store, engine.Catalog, null, _time);
        var (first, second) = (new NewDataWatch(engine, _project, _time), new NewDataWatch(other, _project, _time));
        await LookAsync(first);
        await LookAsync(second);
        for (var i = 0; i < 5; i++)
        {
            Write($"data/{i}.csv", "rows");
            _time.Advance(TimeSpan.FromMinutes(2));
            await Task.WhenAll(Task.Run(() => LookAsync(first)), Task.Run(() => LookAsync(second)));
        }
        Assert.Equal(5, (await engine.Store.ListRunsAsync()).Count);
    }

    [Fact]
    public async Task Look_HostStartsAgain_RemembersWhatHasStartedARun()
    {
        var engine = await EngineAsync("""{"type":"newData","path":"data/*.csv","stable":"00:00:00"}""");
        var watch = new NewDataWatch(engine, _project, _time);
        await LookAsync(watch);
        Write("data/a.csv", "rows");
        Assert.Single(await LookAsync(watch));
        var again = new NewDataWatch(engine, _project, _time);
        Assert.Empty(await LookAsync(again, seconds: 60));
        Write("data/b.csv", "rows");
        Assert.Single(await LookAsync(again, seconds: 60));
    }

    [Theory]
    [InlineData("once", 0)]
    [InlineData("all", 1)]
    public async Task Look_DataOfAPause_StartsARunOnlyWithMisfireAll(string misfire, int runs)
    {
        var engine = await EngineAsync($$"""{"type":"newData","path":"data/*.csv","stable":"00:00:00","misfire":"{{misfire}}"}""");
        var watch = new NewDataWatch(engine, _project, _time);
        await LookAsync(watch);
        await engine.Store.PauseTriggerAsync("flow:newData", "ada");
        Write("data/a.csv", "rows");
        Assert.Empty(await LookAsync(watch, seconds: 60));
        await engine.Store.ResumeTriggerAsync("flow:newData");
        await LookAsync(watch, seconds: 2);
        await LookAsync(watch, seconds: 60);
        Assert.Equal(runs, (await engine.Store.ListRunsAsync()).Count);
        Write("data/b.csv", "rows");
        await LookAsync(watch, seconds: 60);
        Assert.Equal(runs + 1, (await engine.Store.ListRunsAsync()).Count);
    }

    [Fact]
    public async Task Look_ExistingFire_StartsARunForWhatIsThere()
    {
        Write("data/old.csv", "old", minutesAgo: 60);
        var engine = await EngineAsync("""{"type":"newData","path":"data/*.csv","stable":"00:00:00","existing":"fire"}""");
        var watch = new NewDataWatch(engine, _project, _time);
        await LookAsync(watch);
        Assert.Single(await LookAsync(watch, seconds: 2));
    }

    [Fact]
    public async Task Look_RunThatCannotStart_IsTriedAgainLaterWithTheSameData()
    {
        var engine = await EngineAsync("""{"type":"newData","path":"data/*.csv","stable":"00:00:00","inputs":{"nobody":1}}""");
        var watch = new NewDataWatch(engine, _project, _time);
        await LookAsync(watch);
        Write("data/a.csv", "rows");
        Assert.Equal(TriggerResult.Failed, Assert.Single(await LookAsync(watch)).Result);
        Assert.Empty(await LookAsync(watch, seconds: 30));
        Assert.Contains("Unknown input 'nobody'", (await engine.Store.GetTriggerAsync("flow:newData"))?.Failure);
        await PublishAsync(engine.Store, """{"type":"newData","path":"data/*.csv","stable":"00:00:00"}""");
        Assert.True(Assert.Single(await LookAsync(watch, seconds: 31)).IsStarted);
    }

    private async Task<IReadOnlyList<TriggerOutcome>> LookAsync(NewDataWatch watch, int seconds = 0)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return await watch.LookAsync(TestContext.Current.CancellationToken);
    }

    private async Task<WorkflowEngine> EngineAsync(string entry)
    {
        var store = WorkflowStore.Open(Path.Combine(_project, "workbench.db"), _time);
        await store.MigrateAsync(TestContext.Current.CancellationToken);
        await PublishAsync(store, entry);
        return new WorkflowEngine(store, Host.Activities.StepActivities.Catalog, null, _time);
    }

    private static Task PublishAsync(WorkflowStore store, string entry) => store.SaveDefinitionAsync(WorkflowDefinition.Parse(new JsonObject
    {
        ["definitionId"] = "flow", ["name"] = "flow", ["customProperties"] = new JsonObject { ["triggers"] = new JsonArray(JsonNode.Parse(entry)) },
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1,
            ["activities"] = new JsonArray(new JsonObject { ["id"] = "start", ["type"] = "Elsa.Start", ["version"] = 1 }), ["connections"] = new JsonArray(),
        },
    }), publish: true);

    private void Write(string file, string text, int? minutesAgo = null)
    {
        var path = Path.Combine(_project, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (minutesAgo is { } minutes)
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-minutes));
    }
}
