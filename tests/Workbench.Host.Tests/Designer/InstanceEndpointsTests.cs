using System.Net;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using static Workbench.Host.Tests.Designer.DesignerHost;

namespace Workbench.Host.Tests.Designer;

public sealed class InstanceEndpointsTests
{
    [Fact]
    public async Task Execute_Pipeline_IsSeenInEveryViewOfTheRun()
    {
        await using var host = await StartAsync();
        await AllowAsync(host, """{"name":"greet","program":"/bin/echo","arguments":["hello"]}""");
        var model = Model("run", Activity("greet", "Workbench.RunCommand", ("command", "greet")), Activity("report", "Workbench.Report", ("title", "T"), ("fileName", "seen")));
        model["root"]!["connections"]!.AsArray().Add(JsonNode.Parse("""{"source":{"activity":"greet","port":"Done"},"target":{"activity":"report","port":"In"}}"""));
        await host.SaveAsync(model);
        Assert.Equal(400, (await host.PostAsync("/workflow-definitions/run/execute", new { })).Status); // a draft
        await host.PostAsync("/workflow-definitions/run/publish", new { });
        using var started = await host.Client.PostAsync("/elsa/api/workflow-definitions/run/execute", new StringContent("""{"correlationId":"c1"}""", null, "application/json"));
        var id = started.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        var before = DateTimeOffset.Parse((string)(await host.GetAsync($"/workflow-instances/{id}/execution-state"))["updatedAt"]!);
        var run = await host.UntilFinishedAsync(id);
        Assert.Equal(("Finished", "c1", "run"), ((string?)run["subStatus"], (string?)run["correlationId"], (string?)run["definitionId"]));
        // The viewer draws again only when this has grown.
        Assert.True(DateTimeOffset.Parse((string)run["updatedAt"]!) > before);

        var journal = (await host.PostAsync($"/workflow-instances/{id}/journal?skip=0&take=100", new { filter = new { activityNodeIds = new[] { "Workflow1:Flowchart1:greet" } } })).Body!;
        Assert.Equal(["Started", "Completed"], journal["items"]!.AsArray().Select(entry => (string?)entry!["eventName"]));
        var steps = (await host.GetAsync($"/activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId=Workflow1%3AFlowchart1%3Agreet"))["items"]!.AsArray();
        Assert.Equal(("Completed", "hello", "greet"), ((string?)steps[0]!["status"], (string?)steps[0]!["outputs"]!["Output"], (string?)steps[0]!["activityState"]!["Command"]));
        Assert.Equal("Completed", (string?)(await host.GetAsync($"/activity-executions/by-id?id={steps[0]!["id"]}"))["status"]);
        Assert.Equal(2, (int)(await host.GetAsync($"/activity-execution-summaries/list?WorkflowInstanceId={id}"))["count"]!);
        var stats = (await host.PostAsync("/activity-executions/report", new { workflowInstanceId = id, activityNodeIds = new[] { "Workflow1:Flowchart1:greet", "Workflow1:Flowchart1:report" } })).Body!["stats"]!.AsArray();
        Assert.All(stats, one => Assert.Equal((1, 1, 0, false), ((int)one!["startedCount"]!, (int)one["completedCount"]!, (int)one["uncompletedCount"]!, (bool)one["isFaulted"]!)));
        Assert.True(File.Exists(Path.Combine(host.Folder.Reports, "seen.html")));
    }

    [Fact]
    public async Task List_FiltersByStateIncidentAndText()
    {
        await using var host = await StartAsync();
        await host.SaveAsync(Model("fine", Activity("start", "Elsa.Start")), publish: true);
        await host.SaveAsync(Model("broken", Activity("step", "Workbench.RunCommand", ("command", "forbidden"))), publish: true);
        var fine = (string)(await host.PostAsync("/workflow-definitions/fine/execute", new { })).Body!["workflowInstanceId"]!;
        var broken = (string)(await host.PostAsync("/workflow-definitions/broken/dispatch", new { })).Body!["workflowInstanceId"]!;
        await host.UntilFinishedAsync(fine);
        var failed = await host.UntilFinishedAsync(broken);
        Assert.Contains("'forbidden' is not allowed", (string?)failed["workflowState"]!["incidents"]![0]!["message"]);
        async Task<string?[]> ListAsync(object filter)
        {
            var (_, body) = await host.PostAsync("/workflow-instances", filter);
            return [.. body!["items"]!.AsArray().Select(run => (string?)run!["id"])];
        }
        Assert.Equal([broken, fine], await ListAsync(new { page = 0, pageSize = 10, searchTerm = "", definitionIds = Array.Empty<string>(), orderDirection = "Descending" }));
        Assert.Equal([fine], await ListAsync(new { hasIncidents = false }));
        Assert.Equal([broken], await ListAsync(new { subStatuses = new[] { "Faulted" } }));
        Assert.Equal([fine], await ListAsync(new { definitionIds = new[] { "fine" } }));
        Assert.Equal([broken], await ListAsync(new { searchTerm = "BROK" }));
        Assert.Empty(await ListAsync(new { status = "Running" }));
        Assert.Empty(await ListAsync(new { timestampFilters = new[] { new { column = "CreatedAt", @operator = "LessThan", timestamp = "2000-01-01" } } }));
    }

    [Fact]
    public async Task CancelAndDelete_RunningRun_IsStoppedFirst()
    {
        await using var host = await StartAsync();
        await AllowAsync(host, """{"name":"sleep","program":"/bin/sleep","arguments":["300"]}""");
        await host.SaveAsync(Model("long", Activity("sleep", "Workbench.RunCommand", ("command", "sleep"))), publish: true);
        var id = (string)(await host.PostAsync("/workflow-definitions/long/execute", new { })).Body!["workflowInstanceId"]!;
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Client.DeleteAsync($"/elsa/api/workflow-instances/{id}")).StatusCode);
        using var refused = await host.Client.DeleteAsync("/elsa/api/workflow-definitions/long");
        Assert.Contains("Cancel", await refused.Content.ReadAsStringAsync());
        Assert.Equal(1, (int)(await host.PostAsync("/bulk-actions/cancel/workflow-instances", new { definitionId = "long" })).Body!["cancelledCount"]!);
        Assert.Equal("Cancelled", (string?)(await host.UntilFinishedAsync(id))["subStatus"]);
        Assert.Equal(1, (int)(await host.PostAsync("/bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { id } })).Body!["deleted"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync($"/elsa/api/workflow-instances/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.DeleteAsync("/elsa/api/workflow-definitions/long")).StatusCode);
    }

    private static Task AllowAsync(DesignerHost host, string command) =>
        File.WriteAllTextAsync(Path.Combine(host.Folder.Path, AllowedCommands.FileName), $$"""{"commands":[{{command}}]}""");
}
