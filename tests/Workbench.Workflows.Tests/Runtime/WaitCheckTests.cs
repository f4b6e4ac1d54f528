using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Steps that wait for what only the host can see; the time moves only when a test says so.</summary>
public class WaitCheckTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task Run_NotThereYet_LooksAgainWithWhatItNotedAndGoesOn()
    {
        var check = new ScriptedCheck();
        await using var test = await TestEngine.CreateAsync(kind: Kind, check: check);
        check.Script = question => new()
        {
            IsThere = check.Questions.Count == 3, Again = TimeSpan.FromMinutes(1), State = new() { ["looks"] = check.Questions.Count },
            Outputs = new() { ["files"] = new JsonArray("a.csv") }, Message = $"look {check.Questions.Count}",
        };
        var id = await test.StartAsync(Flow());

        var waiting = await test.DrainAsync(id);
        await test.DrainAsync(id); // Not due yet.
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.DrainAsync(id);
        test.Time.Advance(TimeSpan.FromMinutes(1));
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Suspended, "look 1"), (waiting.SubStatus, waiting.Steps[1].Message));
        Assert.Equal(["{}", """{"looks":1}""", """{"looks":2}"""], check.Questions.Select(question => question.State.ToJsonString()));
        Assert.All(check.Questions, question => Assert.Equal(("Test.Wait", "in/*.csv"), (question.ActivityType, (string?)question.Inputs["path"])));
        Assert.Equal((RunSubStatus.Finished, "Found", """{"got":["a.csv"]}"""), (run.SubStatus, run.Steps[1].Outcome, run.Variables.ToJsonString()));
        Assert.Equal("found", string.Join(',', test.Executor.Names));
        Assert.Empty(await test.Store.ListBookmarksAsync());
    }

    [Fact]
    public async Task Run_DeadlinePasses_IsTimedOutThen()
    {
        var check = new ScriptedCheck { Script = _ => new() { IsThere = false, Again = TimeSpan.FromMinutes(7), Outputs = new() { ["files"] = new JsonArray() } } };
        await using var test = await TestEngine.CreateAsync(kind: Kind, check: check);
        var id = await test.StartAsync(Flow("00:10:00"));
        await test.DrainAsync(id);
        test.Time.Advance(TimeSpan.FromMinutes(7));
        await test.DrainAsync(id);
        test.Time.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(RunSubStatus.Suspended, (await test.DrainAsync(id)).SubStatus);

        test.Time.Advance(TimeSpan.FromMilliseconds(1)); // The last look is at the deadline, not at its own time.
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Finished, "TimedOut", """{"got":[]}"""), (run.SubStatus, run.Steps[1].Outcome, run.Variables.ToJsonString()));
        Assert.Equal("late", string.Join(',', test.Executor.Names));
    }

    [Fact]
    public async Task Run_NothingNewToTell_LeavesTheRunAlone()
    {
        var check = new ScriptedCheck { Script = _ => new() { IsThere = false, Again = TimeSpan.FromMinutes(1), State = new() { ["files"] = 0 }, Message = "nothing yet" } };
        await using var test = await TestEngine.CreateAsync(kind: Kind, check: check);
        var id = await test.StartAsync(Flow());
        var updatedAt = (await test.DrainAsync(id)).UpdatedAt;
        for (var look = 0; look < 3; look++)
        {
            test.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(updatedAt, (await test.DrainAsync(id)).UpdatedAt);
        }
        Assert.Equal(4, check.Questions.Count);
    }

    [Fact]
    public async Task Run_LookFails_IsTheStepsFaultOrLookedAgain()
    {
        var check = new ScriptedCheck();
        await using var test = await TestEngine.CreateAsync(kind: Kind, check: check);
        check.Script = _ => throw new IOException("the share is away");
        var id = await test.StartAsync(Flow());
        var waiting = await test.DrainAsync(id);
        check.Script = _ => throw new WorkflowException("The input 'path' is empty.");
        test.Time.Advance(TimeSpan.FromSeconds(15));
        var run = await test.DrainAsync(id);

        Assert.Equal((RunSubStatus.Suspended, "The last look failed: the share is away"), (waiting.SubStatus, waiting.Steps[1].Message));
        Assert.Equal((RunSubStatus.Faulted, "wait: The input 'path' is empty."), (run.SubStatus, run.Fault));
    }

    [Fact]
    public async Task Run_WorkerDiesWhileItLooks_AnotherLooksAfterAWhile()
    {
        var check = new ScriptedCheck { Script = _ => new() { IsThere = true, Outputs = new() { ["files"] = new JsonArray() } } };
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow());
        await test.DrainAsync(id); // A worker without eyes leaves the wait alone.
        await test.Store.Database.WriteAsync(async (connection, transaction) => // What a worker leaves that took the look and died.
            await Dapper.SqlMapper.ExecuteAsync(connection, $"update workflow_bookmarks set due_at = {test.Store.Database.Now} + 30000", transaction: transaction), default);
        var other = new WorkflowWorker(test.Engine, test.Executor, check: check);

        Assert.False(await other.ExecuteNextAsync());
        test.Time.Advance(TimeSpan.FromSeconds(30));
        await other.ExecuteNextAsync();

        Assert.Equal(RunSubStatus.Finished, (await test.RunAsync(id)).SubStatus);
    }

    [Fact]
    public async Task CancelRun_Waiting_LooksNoMore()
    {
        var check = new ScriptedCheck { Script = _ => new() { IsThere = false } };
        await using var test = await TestEngine.CreateAsync(kind: Kind, check: check);
        var id = await test.StartAsync(Flow());
        await test.DrainAsync(id);
        await test.Engine.CancelRunAsync(id, "not needed", "me");
        test.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RunSubStatus.Cancelled, (await test.DrainAsync(id)).SubStatus);
        Assert.Single(check.Questions);
    }

    private static Model.WorkflowDefinition Flow(string? deadline = null) => new FlowBuilder().Variable("got", "Object").Steps("found", "late").Activity("start", "Elsa.Start")
        .Activity("wait", "Test.Wait", ("path", FlowBuilder.Value("String", "Literal", "in/*.csv")), ("deadline", FlowBuilder.Value("TimeSpan", "Literal", deadline)), ("files", FlowBuilder.Output("got")))
        .Edges("start -> wait, wait:Found -> found, wait:TimedOut -> late").Build();

    private sealed class ScriptedCheck : IWaitCheck
    {
        public List<WaitQuestion> Questions { get; } = [];
        public Func<WaitQuestion, WaitLook> Script { get; set; } = _ => new() { IsThere = false };

        public Task<WaitLook> LookAsync(WaitQuestion question, CancellationToken cancellationToken = default)
        {
            Questions.Add(question);
            return Task.FromResult(Script(question));
        }
    }
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class WaitCheckOnPostgresTests : WaitCheckTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
