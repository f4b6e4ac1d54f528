using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workbench.Host.Tests.Designer;
using static Workbench.Host.Tests.Designer.DesignerHost;

namespace Workbench.Host.Tests.Api;

public sealed class ApprovalEndpointsTests
{
    [Fact]
    public async Task Decide_Rejection_NeedsAReasonAndCountsOnce()
    {
        await using var host = await StartAsync();
        var (id, approval) = await AskAsync(host);

        Assert.Equal((HttpStatusCode.BadRequest, "needs an actor"), await DecideAsync(host, approval, new { approve = false }, "needs an actor"));
        Assert.Equal((HttpStatusCode.Conflict, "ReasonMissing"), await DecideAsync(host, approval, new { approve = false, actor = "ada" }, "ReasonMissing"));
        Assert.Equal((HttpStatusCode.NotFound, "Unknown"), await DecideAsync(host, "nobody", new { approve = true, actor = "ada" }, "Unknown"));
        Assert.Equal((HttpStatusCode.OK, "Recorded"), await DecideAsync(host, approval, new { approve = false, actor = "ada", reason = "too few rows" }, "Recorded"));
        Assert.Equal((HttpStatusCode.Conflict, "TooLate"), await DecideAsync(host, approval, new { approve = true, actor = "bob" }, "TooLate"));

        var run = await host.UntilFinishedAsync(id);
        Assert.Equal("Finished", (string?)run["subStatus"]);
        var steps = (await host.GetAsync($"/activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId=Workflow1%3AFlowchart1%3Aask"))["items"]!.AsArray();
        Assert.Equal(("ada", "too few rows"), ((string?)steps[0]!["outputs"]!["DecidedBy"], (string?)steps[0]!["outputs"]!["Reason"]));
    }

    [Fact]
    public async Task CommandLine_ListsAndApproves()
    {
        await using var host = await StartAsync();
        var (id, approval) = await AskAsync(host);

        var list = await RunAsync(host, "list");
        Assert.Contains(approval, list.Output);
        var rejected = await RunAsync(host, "reject", approval);
        Assert.Equal(1, rejected.Code);
        var approved = await RunAsync(host, "approve", approval);
        Assert.Equal(0, approved.Code);

        Assert.Equal("Finished", (string?)(await host.UntilFinishedAsync(id))["subStatus"]);
        Assert.Contains("Nothing waits", (await RunAsync(host, "list")).Output);
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(DesignerHost host, params string[] arguments) =>
        WorkbenchProcess.RunAsync(host.Folder.Path, TimeSpan.FromMinutes(1), ["approval", .. arguments, "--data", host.Folder.Path]);

    private static async Task<(string Run, string Approval)> AskAsync(DesignerHost host)
    {
        await host.SaveAsync(Model("release", Activity("ask", "Workbench.Approve", ("title", "Release it?"))), publish: true);
        var id = (string)(await host.PostAsync("/workflow-definitions/release/execute", new { })).Body!["workflowInstanceId"]!;
        var waiting = (await host.Client.GetFromJsonAsync<JsonArray>("/api/approvals?status=waiting", TestContext.Current.CancellationToken))!;
        Assert.Equal("Release it?", (string?)waiting.Single()!["title"]);
        Assert.Equal("Suspended", (string?)(await host.GetAsync($"/workflow-instances/{id}"))["subStatus"]);
        return (id, (string)waiting.Single()!["id"]!);
    }

    private static async Task<(HttpStatusCode, string)> DecideAsync(DesignerHost host, string approval, object body, string expected)
    {
        using var answer = await host.Client.PostAsJsonAsync($"/api/approvals/{approval}/decision", body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.Contains(expected, StringComparison.Ordinal) ? expected : text);
    }
}
