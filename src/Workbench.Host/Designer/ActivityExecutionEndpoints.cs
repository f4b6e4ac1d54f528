using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;
using static Workbench.Host.Designer.DesignerEndpoints;

namespace Workbench.Host.Designer;

/// <summary>Steps of runs, which Elsa calls activity executions.</summary>
internal static class ActivityExecutionEndpoints
{
    public static void MapActivityExecutions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/activity-executions/list", (HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) => ListAsync(request, store, InstanceView.Execution, cancellationToken));
        api.MapGet("/activity-execution-summaries/list", (HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) => ListAsync(request, store, InstanceView.ExecutionSummary, cancellationToken));
        api.MapGet("/activity-executions/by-id", async (string id, WorkflowStore store, CancellationToken cancellationToken) =>
            await FindAsync(id, store, cancellationToken) is ({ } run, { } step) ? Json(InstanceView.Execution(run, step)) : Problem.NotFound("activity execution", id));
        api.MapGet("/activity-executions/{id}/call-stack", CallStackAsync);
        api.MapPost("/activity-executions/report", ReportAsync);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, WorkflowStore store, Func<WorkflowRun, WorkflowStep, JsonObject> view, CancellationToken cancellationToken)
    {
        if (DesignerRequest.Text(request, "workflowInstanceId") is not { } id || await store.GetRunAsync(id, cancellationToken) is not { } run)
            return Json(DesignerJson.None);
        var node = DesignerRequest.Text(request, "activityNodeId");
        return Json(DesignerJson.Items(run.Steps.Where(step => node is null || step.NodeId == node).Select(step => view(run, step))));
    }

    // Steps follow connections; there is no caller above one.
    private static async Task<IResult> CallStackAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        var items = await FindAsync(id, store, cancellationToken) is ({ } run, { } step) ? new[] { InstanceView.Execution(run, step) } : [];
        return Json(new JsonObject { ["activityExecutionId"] = id, ["items"] = new JsonArray([.. items]), ["totalCount"] = items.Length });
    }

    private static async Task<IResult> ReportAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var body = await DesignerRequest.BodyAsync(request, cancellationToken);
        var wanted = DesignerJson.Texts(body["activityNodeIds"]);
        var run = DesignerJson.Text(body["workflowInstanceId"]) is { } id ? await store.GetRunAsync(id, cancellationToken) : null;
        var stats = from step in run?.Steps ?? []
                    where wanted.Count == 0 || wanted.Contains(step.NodeId)
                    group step by step.NodeId into node
                    select (JsonNode)InstanceView.Statistics(node.Key, [.. node]);
        return Json(new JsonObject { ["stats"] = new JsonArray([.. stats]) });
    }

    private static async Task<(WorkflowRun, WorkflowStep)?> FindAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        var parts = id.Split(':', 2);
        return parts.Length == 2 && await store.GetRunAsync(parts[0], cancellationToken) is { } run && run.Steps.FirstOrDefault(step => step.StepId == parts[1]) is { } step
            ? (run, step)
            : null;
    }
}
