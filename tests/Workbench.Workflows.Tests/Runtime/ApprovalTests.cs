using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

public class ApprovalTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Theory]
    [InlineData(true, ApprovalStatus.Approved, "go")]
    [InlineData(false, ApprovalStatus.Rejected, "stop")]
    public async Task Decide_ByAnApprover_GoesOnWithTheOutcomeAndKeepsTheReason(bool approve, ApprovalStatus status, string next)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow(("approvers", List("ada", "ml-leads")), ("report", FlowBuilder.Value("String", "Literal", "r.html"))));
        var waiting = Assert.Single(await test.Store.ListApprovalsAsync(new() { Status = ApprovalStatus.Waiting }));

        var decision = await test.Engine.DecideAsync(waiting.Id, approve, "Ada", "looks right");
        var run = await test.DrainAsync(id);

        Assert.Equal((DecisionOutcome.Recorded, status, "Ada", "looks right"),
            (decision.Outcome, decision.Approval?.Status, decision.Approval?.DecidedBy, decision.Approval?.Reason));
        Assert.Equal("r.html", (string?)waiting.Details["report"]);
        Assert.Equal((RunSubStatus.Finished, next), (run.SubStatus, string.Join(',', test.Executor.Names)));
        Assert.Equal("Ada", (string?)run.Steps.Single(step => step.ActivityId == "ask").Outputs?["decidedBy"]);
    }

    [Fact]
    public async Task Decide_NotAllowedOrWithoutReason_ChangesNothing()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        await test.StartAsync(Flow(("approvers", List("ada", "ml-leads"))));
        var id = Assert.Single(await test.Store.ListApprovalsAsync()).Id;

        var stranger = await test.Engine.DecideAsync(id, true, "eve", null);
        var noReason = await test.Engine.DecideAsync(id, false, "ada", " ");
        var unknown = await test.Engine.DecideAsync("nothing", true, "ada", null);
        Assert.Equal(ApprovalStatus.Waiting, (await test.Store.GetApprovalAsync(id))?.Status);
        var byRole = await test.Engine.DecideAsync(id, true, "bob", null, ["ML-leads"]);

        Assert.Equal((DecisionOutcome.NotAllowed, "'eve' may not decide. Allowed: ada, ml-leads."), (stranger.Outcome, stranger.Message));
        Assert.Equal(DecisionOutcome.ReasonMissing, noReason.Outcome);
        Assert.Equal(DecisionOutcome.Unknown, unknown.Outcome);
        Assert.True(byRole.IsRecorded);
    }

    [Fact]
    public async Task Decide_Twice_TheFirstCountsAndTheSameAgainIsFine()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var run = await test.StartAsync(Flow());
        var id = Assert.Single(await test.Store.ListApprovalsAsync()).Id;

        var first = await test.Engine.DecideAsync(id, true, "ada", "good");
        var same = await test.Engine.DecideAsync(id, true, "ada", "good");
        var other = await test.Engine.DecideAsync(id, false, "bob", "bad");

        Assert.True(first.IsRecorded && same.IsRecorded);
        Assert.Equal((DecisionOutcome.TooLate, "ada", ApprovalStatus.Approved), (other.Outcome, other.Approval?.DecidedBy, other.Approval?.Status));
        Assert.StartsWith("It is too late: ada has approved it at 2025-04-08", other.Message);
        Assert.Equal(1, (await test.EventsAsync(run)).Count(name => name == "ask Completed"));
    }

    [Fact]
    public async Task Decide_ManyAtOnce_OneWins()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var run = await test.StartAsync(Flow());
        var id = Assert.Single(await test.Store.ListApprovalsAsync()).Id;

        var decisions = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
            Task.Run(() => test.Engine.DecideAsync(id, number % 2 == 0, $"person {number}", "because"))));

        var winner = Assert.Single(decisions, decision => decision.IsRecorded);
        var ended = await test.DrainAsync(run);
        Assert.All(decisions, decision => Assert.Equal(winner.Approval?.DecidedBy, decision.Approval?.DecidedBy));
        Assert.Equal([winner.Approval?.Status == ApprovalStatus.Approved ? "go" : "stop"], test.Executor.Names);
        Assert.Equal(RunSubStatus.Finished, ended.SubStatus);
    }

    [Fact]
    public async Task Deadline_WithoutEscalation_TimesOut()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow(("deadline", FlowBuilder.Value("TimeSpan", "Literal", "1.00:00:00"))));
        test.Time.Advance(TimeSpan.FromHours(24));

        var run = await test.DrainAsync(id);

        Assert.Equal(["late"], test.Executor.Names);
        var approval = Assert.Single(await test.Store.ListApprovalsAsync());
        Assert.Equal((ApprovalStatus.TimedOut, null), (approval.Status, approval.DecidedBy));
        Assert.Equal(RunSubStatus.Finished, run.SubStatus);
        Assert.Equal(DecisionOutcome.TooLate, (await test.Engine.DecideAsync(approval.Id, true, "ada", null)).Outcome);
    }

    [Fact]
    public async Task Deadline_WithEscalation_AsksTheOthersAndThenTimesOut()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow(("approvers", List("ada")), ("escalateTo", List("boss")),
            ("deadline", FlowBuilder.Value("TimeSpan", "Literal", "02:00:00")), ("escalationDeadline", FlowBuilder.Value("TimeSpan", "Literal", "01:00:00"))));
        test.Time.Advance(TimeSpan.FromHours(2));
        await test.DrainAsync(id);

        var escalated = Assert.Single(await test.Store.ListApprovalsAsync());
        Assert.Equal(["boss"], escalated.Approvers);
        Assert.Equal((ApprovalStatus.Waiting, test.Time.GetUtcNow(), test.Time.GetUtcNow().AddHours(1)), (escalated.Status, escalated.EscalatedAt, escalated.Deadline));
        Assert.Equal(DecisionOutcome.NotAllowed, (await test.Engine.DecideAsync(escalated.Id, true, "ada", null)).Outcome);
        Assert.Contains("ask Escalated", await test.EventsAsync(id));
        test.Time.Advance(TimeSpan.FromHours(1));
        await test.DrainAsync(id);

        Assert.Equal(["late"], test.Executor.Names);
    }

    [Fact]
    public async Task Escalated_DecidedByTheOthers_SaysSo()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow(("approvers", List("ada")), ("escalateTo", List("boss")), ("deadline", FlowBuilder.Value("TimeSpan", "Literal", "02:00:00"))));
        test.Time.Advance(TimeSpan.FromHours(2));
        await test.DrainAsync(id);

        Assert.True((await test.Engine.DecideAsync(Assert.Single(await test.Store.ListApprovalsAsync()).Id, true, "boss", null)).IsRecorded);

        var run = await test.DrainAsync(id);
        Assert.Equal(["go"], test.Executor.Names);
        Assert.True((bool?)run.Steps.Single(step => step.ActivityId == "ask").Outputs?["escalated"]);
    }

    [Fact]
    public async Task CancelRun_Waiting_CancelsTheApproval()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var id = await test.StartAsync(Flow());
        await test.Engine.CancelRunAsync(id, "obsolete", "me");

        var approval = Assert.Single(await test.Store.ListApprovalsAsync());
        Assert.Equal(ApprovalStatus.Canceled, approval.Status);
        Assert.Equal(DecisionOutcome.TooLate, (await test.Engine.DecideAsync(approval.Id, true, "ada", null)).Outcome);
        await Assert.ThrowsAsync<WorkflowException>(async () =>
        {
            await test.StartAsync(Flow());
            await test.Engine.ResumeAsync((await test.Store.ListBookmarksAsync())[0].Id);
        });
    }

    [Theory]
    [InlineData("[\"ada\"")]
    [InlineData("{\"name\":\"ada\"}")]
    public async Task Run_ApproversThatAreNoList_FaultInsteadOfLettingAnyoneDecide(string approvers)
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var run = await test.RunAsync(await test.StartAsync(Flow(("approvers", FlowBuilder.Value("Object", "Literal", approvers.StartsWith('{') ? JsonNode.Parse(approvers) : approvers)))));
        Assert.Contains("Write a list of names", run.Fault);
        Assert.Empty(await test.Store.ListApprovalsAsync(new() { Status = ApprovalStatus.Waiting }));
    }

    private static JsonNode List(params string[] names) => FlowBuilder.Value("Object", "Object", new JsonArray([.. names.Select(name => (JsonNode)name)]));

    private static WorkflowDefinition Flow(params (string, JsonNode?)[] inputs) => new FlowBuilder().Steps("go", "stop", "late").Activity("start", "Elsa.Start")
        .Activity("ask", "Test.Approve", inputs).Edges("start -> ask, ask:Approved -> go, ask:Rejected -> stop, ask:TimedOut -> late").Build();
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class ApprovalOnPostgresTests : ApprovalTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
