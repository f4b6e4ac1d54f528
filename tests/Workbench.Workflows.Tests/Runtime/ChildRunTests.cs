using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

public class ChildRunTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Theory]
    [InlineData("Elsa.ExecuteWorkflow")]
    [InlineData("Elsa.RunWorkflow")]
    public async Task Run_ChildThatIsWaitedFor_HandsBackItsOutputs(string type)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await PublishChildAsync(test);
        var id = await test.StartAsync(Parent(type, new JsonObject { ["months"] = "3" }));

        var run = await test.DrainAsync(id);
        var child = Assert.Single(await test.Store.ListRunsAsync(new() { DefinitionId = "child" }));

        Assert.Equal(["work", "after"], test.Executor.Names);
        Assert.Equal((RunSubStatus.Finished, RunSubStatus.Finished, id), (run.SubStatus, child.SubStatus, child.ParentRunId));
        Assert.Equal("""{"result":{"score":3}}""", run.Variables.ToJsonString());
        Assert.Equal(child.Id, (string?)run.Steps.Single(step => step.ActivityId == "child").Outputs?["workflowInstanceId"]);
    }

    [Fact]
    public async Task Run_ChildThatEndsAtOnce_IsCollected()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.Store.SaveDefinitionAsync(new FlowBuilder().Activity("start", "Elsa.Start").Build("child"), publish: true);
        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(await test.StartAsync(Parent("Elsa.ExecuteWorkflow", null)))).SubStatus);
    }

    [Fact]
    public async Task Run_DispatchWithoutWaiting_GoesOnAtOnce()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await PublishChildAsync(test);
        var id = await test.StartAsync(Parent("Elsa.DispatchWorkflow", new JsonObject { ["months"] = 3 }));
        await test.Worker.ExecuteNextAsync();
        await test.Worker.ExecuteNextAsync();

        Assert.Equal(["after", "work"], test.Executor.Names.Order());
        Assert.Equal(RunSubStatus.Finished, (await test.DrainAsync(id)).SubStatus);
    }

    [Fact]
    public async Task Run_ChildFails_FailsTheStep()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await PublishChildAsync(test);
        test.Executor.Fails("work", "no disk");
        var run = await test.DrainAsync(await test.StartAsync(Parent("Elsa.ExecuteWorkflow", new JsonObject { ["months"] = 3 })));

        Assert.Equal(RunSubStatus.Faulted, run.SubStatus);
        Assert.Matches("^child: Run [0-9a-f]{32} of 'child' ended Faulted: work: no disk$", run.Fault);
    }

    [Theory]
    [InlineData("chidl", "Unknown workflow 'chidl'. Did you mean 'child'?")]
    [InlineData("child", "Unknown input 'month'. Did you mean 'months'?")]
    public async Task Run_ChildThatCannotStart_FailsTheStep(string definition, string message)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await PublishChildAsync(test);
        var run = await test.DrainAsync(await test.StartAsync(Parent("Elsa.ExecuteWorkflow", new JsonObject { ["month"] = 3 }, definition)));
        Assert.Contains(message, run.Fault);
    }

    [Fact]
    public async Task CancelRun_Parent_ReachesTheChild()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await PublishChildAsync(test);
        var begun = test.Executor.Hangs("work");
        var id = await test.StartAsync(Parent("Elsa.ExecuteWorkflow", new JsonObject { ["months"] = 3 }));
        var hanging = test.Worker.ExecuteNextAsync();
        await begun.WaitAsync(TimeSpan.FromSeconds(30));

        await test.Engine.CancelRunAsync(id, "not needed", "me");
        await test.Engine.Sweep.SweepAsync(default);
        test.Time.Advance(TimeSpan.FromSeconds(1)); // The child's step hears of it with its heartbeat.
        await hanging.WaitAsync(TimeSpan.FromSeconds(30));

        var child = Assert.Single(await test.Store.ListRunsAsync(new() { DefinitionId = "child" }));
        Assert.Equal((RunSubStatus.Cancelled, RunSubStatus.Cancelled), ((await test.RunAsync(id)).SubStatus, child.SubStatus));
        Assert.Equal($"Cancelled by workflow flow: run {id} no longer waits for it", child.Fault);
        Assert.Empty(await test.Store.ListBookmarksAsync());
    }

    [Fact]
    public async Task Run_WorkflowThatRunsItself_StopsAtTheDeepestNesting()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var run = await test.DrainAsync(await test.StartAsync(new FlowBuilder().Activity("again", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", FlowBuilder.Value("String", "Literal", "flow"))).Build()));
        Assert.Equal(RunSubStatus.Faulted, run.SubStatus);
        Assert.Contains("Does a workflow start itself?", run.Fault);
        Assert.Equal(21, (await test.Store.ListRunsAsync()).Count); // The first and 20 below it.
    }

    private static Task PublishChildAsync(TestEngine test) => test.Store.SaveDefinitionAsync(new FlowBuilder().Input("months", "Int32", isRequired: true)
        .Steps("work").Activity("set", "Elsa.SetOutput", ("outputName", FlowBuilder.Value("String", "Literal", "score")), ("outputValue", FlowBuilder.Value("Object", "Input", "months")))
        .Edges("work -> set").Build("child"), publish: true);

    private static Model.WorkflowDefinition Parent(string type, JsonObject? inputs, string child = "child") => new FlowBuilder().Variable("result", "Object").Steps("after")
        .Activity("start", "Elsa.Start")
        .Activity("child", type, ("workflowDefinitionId", FlowBuilder.Value("String", "Literal", child)), ("input", FlowBuilder.Value("Object", "Object", inputs)), ("result", FlowBuilder.Output("result")))
        .Edges("start -> child -> after").Build();
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class ChildRunOnPostgresTests : ChildRunTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
