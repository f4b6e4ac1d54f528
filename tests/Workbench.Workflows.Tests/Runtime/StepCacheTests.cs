using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Steps that say <c>customProperties.cache: true</c>.</summary>
public class StepCacheTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task Run_NothingChanged_TakesTheEarlierResult()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var first = await test.DrainAsync(await StartAsync(test));
        var second = await test.DrainAsync(await StartAsync(test));

        Assert.Equal(["prepare", "use", "use"], test.Executor.Names);
        Assert.Equal([5, 5], test.Executor.Calls.Where(call => call.ActivityName == "use").Select(call => call.Inputs["number"]!.GetValue<int>()));
        var cached = second.Steps[0];
        Assert.Equal((StepStatus.Completed, 0, $"{first.Id}/prepare", """{"rows":5}"""), (cached.Status, cached.Attempt, cached.CachedFrom, cached.Outputs?.ToJsonString()));
        Assert.Equal(["Started", "prepare Cached", "prepare Completed", "use Started", "use Completed", "Completed"], await test.EventsAsync(second.Id));
        Assert.Equal($"{first.Id}/prepare", (await test.DrainAsync(await StartAsync(test))).Steps[0].CachedFrom);
    }

    [Theory]
    [InlineData("months", 13, null)]
    [InlineData("hash", 12, "cells-2")]
    public async Task Run_InputOrContentChanged_RunsTheStep(string what, int months, string? hash)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.DrainAsync(await StartAsync(test));
        var run = await test.DrainAsync(await StartAsync(test, months, hash ?? "cells-1"));
        Assert.True(run.Steps[0].CachedFrom is null, what);
        Assert.Equal(["prepare", "use", "prepare", "use"], test.Executor.Names);
    }

    [Fact]
    public async Task Run_WithoutTheSetting_RunsTheStep()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.DrainAsync(await StartAsync(test, isCached: false));
        await test.DrainAsync(await StartAsync(test, isCached: false));
        Assert.Equal(["prepare", "use", "prepare", "use"], test.Executor.Names);
    }

    [Fact]
    public async Task RetryStep_CachedStep_RunsItAndTakesTheRestFromTheCache()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await StartAsync(test, isUseCached: true);
        await test.DrainAsync(id);
        await test.Engine.RetryStepAsync(id, "prepare", "ann");
        var run = await test.DrainAsync(id);

        Assert.Equal(["prepare", "use", "prepare"], test.Executor.Names);
        Assert.Equal(("use~2", $"{id}/use"), (run.Steps[^1].StepId, run.Steps[^1].CachedFrom));
    }

    [Fact]
    public async Task Run_FailedStep_IsNotTakenFromTheCache()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("prepare", _ => throw new InvalidOperationException("no disk"));
        await test.DrainAsync(await StartAsync(test));
        await test.DrainAsync(await StartAsync(test));
        Assert.Equal(["prepare", "prepare"], test.Executor.Names);
    }

    [Fact]
    public void Key_OrderOfInputs_DoesNotCount()
    {
        var activity = new Activity { Type = "Test.Work" };
        Assert.Equal(
            StepCache.Key(activity, JsonNode.Parse("""{"a":{"x":1,"y":[1,2]},"b":2}""")!.AsObject()),
            StepCache.Key(activity, JsonNode.Parse("""{"b":2,"a":{"y":[1,2],"x":1}}""")!.AsObject()));
        Assert.NotEqual(
            StepCache.Key(activity, JsonNode.Parse("""{"a":[1,2]}""")!.AsObject()),
            StepCache.Key(activity, JsonNode.Parse("""{"a":[2,1]}""")!.AsObject()));
    }

    private static async Task<string> StartAsync(TestEngine test, int months = 12, string hash = "cells-1", bool isCached = true, bool isUseCached = false)
    {
        test.Time.Advance(TimeSpan.FromSeconds(1));
        if (test.Executor.Calls.Count == 0 && !test.Executor.Has("prepare"))
            test.Executor.On("prepare", _ => new StepResult { Outputs = new() { ["rows"] = 5 } });
        return await test.StartAsync(new FlowBuilder().Input("months", "Int32").Variable("rows", "Int32", 0)
            .Activity("prepare", "Test.Work", ("customProperties", new JsonObject { ["cache"] = isCached }),
                ("number", FlowBuilder.Value("Int32", "Input", "months")), ("stepHash", FlowBuilder.Value("String", "Literal", hash)), ("rows", FlowBuilder.Output("rows")))
            .Activity("use", "Test.Work", ("customProperties", new JsonObject { ["cache"] = isUseCached }), ("number", FlowBuilder.Value("Int32", "Variable", "rows")))
            .Edges("prepare -> use").Build(), new() { ["months"] = months });
    }
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class StepCacheOnPostgresTests : StepCacheTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
