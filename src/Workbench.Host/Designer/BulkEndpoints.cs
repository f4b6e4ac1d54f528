using System.Text.Json.Nodes;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;
using static Workbench.Host.Designer.DesignerEndpoints;

namespace Workbench.Host.Designer;

/// <summary>The same for many at once. One that cannot be done does not keep the others from it; the answer names it.</summary>
internal static class BulkEndpoints
{
    public static void MapBulkActions(this IEndpointRouteBuilder api)
    {
        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/publish/workflow-definitions/by-definition-ids", PublishAsync);
        bulk.MapPost("/retract/workflow-definitions/by-definition-ids", RetractAsync);
        bulk.MapPost("/delete/workflow-definitions/by-definition-id", (HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) =>
            DeleteAsync(request, "definitionIds", store.DeleteDefinitionAsync, cancellationToken));
        bulk.MapPost("/delete/workflow-definitions/by-id", (HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) =>
            DeleteAsync(request, "ids", store.DeleteVersionAsync, cancellationToken));
        bulk.MapPost("/delete/workflow-instances/by-id", (HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) =>
            DeleteAsync(request, "ids", store.DeleteRunAsync, cancellationToken));
        bulk.MapPost("/cancel/workflow-instances", CancelAsync);
    }

    private static async Task<IResult> PublishAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var (published, already, missing, refused) = (new JsonArray(), new JsonArray(), new JsonArray(), new JsonObject());
        foreach (var id in await IdsAsync(request, "definitionIds", cancellationToken))
        {
            if (await store.GetLatestAsync(id, cancellationToken) is not { } latest)
            {
                missing.Add(id);
                continue;
            }
            var findings = DefinitionRules.Validate(latest);
            if (DefinitionRules.Forbids(findings))
            {
                refused[id] = new JsonArray([.. findings.Select(finding => (JsonNode)finding.ToString())]);
                continue;
            }
            (latest.IsPublished ? already : published).Add(id);
            await store.SaveDefinitionAsync(latest, publish: true, cancellationToken);
        }
        return Json(new JsonObject { ["published"] = published, ["alreadyPublished"] = already, ["notFound"] = missing, ["updatedConsumers"] = new JsonArray(), ["refused"] = refused });
    }

    private static async Task<IResult> RetractAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var (retracted, already, missing) = (new JsonArray(), new JsonArray(), new JsonArray());
        foreach (var id in await IdsAsync(request, "definitionIds", cancellationToken))
            (await store.GetLatestAsync(id, cancellationToken) is null ? missing : await store.RetractAsync(id, cancellationToken) ? retracted : already).Add(id);
        return Json(new JsonObject { ["retracted"] = retracted, ["alreadyRetracted"] = already, ["notFound"] = missing });
    }

    private static async Task<IResult> DeleteAsync(HttpRequest request, string name, Func<string, CancellationToken, Task<bool>> delete, CancellationToken cancellationToken)
    {
        int deleted = 0;
        var kept = new List<string>();
        foreach (var id in await IdsAsync(request, name, cancellationToken))
        {
            try
            {
                deleted += await delete(id, cancellationToken) ? 1 : 0;
            }
            catch (WorkflowException failure)
            {
                kept.Add(failure.Message);
            }
        }
        return kept.Count > 0
            ? Problem.Of(StatusCodes.Status409Conflict, $"{deleted} deleted. {string.Join(" ", kept)}")
            : Json(new JsonObject { ["deleted"] = deleted });
    }

    private static async Task<IResult> CancelAsync(HttpRequest request, WorkflowStore store, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        var body = await DesignerRequest.BodyAsync(request, cancellationToken);
        var (ids, version, definition) = (DesignerJson.Texts(body["ids"]), DesignerJson.Text(body["definitionVersionId"]), DesignerJson.Text(body["definitionId"]));
        if (ids.Count == 0 && version is null && definition is null)
            return Problem.Of(StatusCodes.Status400BadRequest, "Nothing was named. Give 'ids', a 'definitionId' or a 'definitionVersionId'.");
        var (runs, _) = await store.SearchRunsAsync(new()
        {
            Ids = ids, DefinitionVersionId = version, DefinitionIds = definition is null ? [] : [definition], Statuses = [RunStatus.Running], Take = int.MaxValue,
        }, cancellationToken);
        int cancelled = 0;
        foreach (var run in runs)
            cancelled += await engine.CancelRunAsync(run.Id, "cancelled in the designer", "designer", cancellationToken) ? 1 : 0;
        return Json(new JsonObject { ["cancelledCount"] = cancelled });
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(HttpRequest request, string name, CancellationToken cancellationToken) =>
        DesignerJson.Texts((await DesignerRequest.BodyAsync(request, cancellationToken))[name]) is { Count: > 0 } ids
            ? ids
            : throw new WorkflowException($"No '{name}' were given. Send a list of ids.");
}
