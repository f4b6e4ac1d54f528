using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Workflows;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;
using static Workbench.Host.Designer.DesignerEndpoints;

namespace Workbench.Host.Designer;

/// <summary>Definitions: list, read, save, publish, run.</summary>
internal static class DefinitionEndpoints
{
    private const string InstanceHeader = "x-elsa-workflow-instance-id";

    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("/", ListAsync);
        definitions.MapPost("/", SaveAsync);
        definitions.MapGet("/by-definition-id/{id}", ReadAsync);
        definitions.MapGet("/by-id/{id}", async (string id, WorkflowStore store, CancellationToken cancellationToken) =>
            await store.GetByVersionIdAsync(id, cancellationToken) is { } found ? Json(DefinitionView.Full(found)) : Problem.NotFound("workflow version", id));
        definitions.MapGet("/many-by-id", ManyAsync);
        definitions.MapGet("/query/count", async (WorkflowStore store, CancellationToken cancellationToken) => Json(new JsonObject { ["count"] = await store.CountDefinitionsAsync(cancellationToken) }));
        definitions.MapGet("/validation/is-name-unique", IsNameUniqueAsync);
        definitions.MapGet("/subgraph/{id}", SubgraphAsync);
        definitions.MapGet("/subgraph/segments/{id}", SegmentsAsync);
        definitions.MapGet("/{id}/consumers", (string id) => Json(new JsonObject { ["consumingWorkflowDefinitionIds"] = new JsonArray() }));
        definitions.MapPost("/{id}/update-references", (string id) => Json(new JsonObject { ["affectedWorkflows"] = new JsonArray() }));
        definitions.MapPost("/{id}/publish", PublishAsync);
        definitions.MapPost("/{id}/retract", RetractAsync);
        definitions.MapPost("/{id}/revert/{version:int}", RevertAsync);
        definitions.MapDelete("/{id}", async (string id, WorkflowStore store, CancellationToken cancellationToken) =>
            await store.DeleteDefinitionAsync(id, cancellationToken) ? Results.NoContent() : Problem.NotFound("workflow", id));
        api.MapDelete("/workflow-definition-versions/{id}", async (string id, WorkflowStore store, CancellationToken cancellationToken) =>
            await store.DeleteVersionAsync(id, cancellationToken) ? Results.NoContent() : Problem.NotFound("workflow version", id));
        definitions.MapPost("/{id}/execute", ExecuteAsync);
        definitions.MapPost("/{id}/dispatch", ExecuteAsync);
    }

    /// <summary>Saves a draft, or publishes when nothing is wrong with it. A draft may be wrong: it is not finished yet.</summary>
    private static async Task<(WorkflowDefinition? Saved, bool AlreadyPublished, IResult? Refusal)> StoreAsync(
        WorkflowDefinition definition, bool publish, WorkflowStore store, CancellationToken cancellationToken)
    {
        if (definition.Root.Type != Flowchart.TypeName)
            return (null, false, Problem.Of(StatusCodes.Status400BadRequest, $"The root is a '{definition.Root.Type}'; only {Flowchart.TypeName} runs here. Start from a new workflow."));
        if (!publish)
            return (await store.SaveDefinitionAsync(definition, publish: false, cancellationToken), false, null);
        var findings = DefinitionRules.Validate(definition);
        if (DefinitionRules.Forbids(findings))
            return (null, false, Problem.Of(definition.Name.Length > 0 ? definition.Name : definition.DefinitionId, findings));
        var before = await store.GetPublishedAsync(definition.DefinitionId, cancellationToken);
        var saved = await store.SaveDefinitionAsync(definition, publish: true, cancellationToken);
        return (saved, before?.Id == saved.Id, null);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var (skip, take) = DesignerRequest.Page(DesignerRequest.Whole(request, "page"), DesignerRequest.Whole(request, "pageSize"));
        var order = DesignerRequest.Choice<DefinitionOrder>("orderBy", DesignerRequest.Text(request, "orderBy")) ?? DefinitionOrder.Created;
        var direction = DesignerRequest.Text(request, "orderDirection");
        var (items, total) = await store.SearchDefinitionsAsync(DesignerRequest.Versions(DesignerRequest.Text(request, "versionOptions"), VersionChoice.AllVersions) with
        {
            DefinitionIds = DesignerRequest.Texts(request, "definitionIds"), Ids = DesignerRequest.Texts(request, "ids"), SearchTerm = DesignerRequest.Text(request, "searchTerm"),
            OrderBy = order, Descending = direction is null ? order == DefinitionOrder.Created : direction.StartsWith("Desc", StringComparison.OrdinalIgnoreCase), Skip = skip, Take = take,
        }, cancellationToken);
        var page = DesignerJson.Page(items.Select(DefinitionView.Summary), total);
        page["links"] = DefinitionView.Links();
        return Json(page);
    }

    private static async Task<IResult> ReadAsync(string id, HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) =>
        await FindAsync(id, DesignerRequest.Text(request, "versionOptions"), store, cancellationToken) is { } found ? Json(DefinitionView.Full(found)) : Problem.NotFound("workflow", id);

    private static async Task<IResult> ManyAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var ids = DesignerRequest.Texts(request, "ids");
        if (ids.Count == 0)
            return Json(DesignerJson.None);
        var (items, _) = await store.SearchDefinitionsAsync(new() { Versions = VersionChoice.AllVersions, Ids = ids, Take = ids.Count }, cancellationToken);
        return Json(DesignerJson.Items(items.Select(DefinitionView.Full)));
    }

    private static async Task<IResult> IsNameUniqueAsync(string name, string? definitionId, WorkflowStore store, CancellationToken cancellationToken)
    {
        var all = await store.ListDefinitionsAsync(cancellationToken);
        return Json(new JsonObject { ["isUnique"] = all.All(one => one.Name != name || one.DefinitionId == definitionId) });
    }

    private static async Task<IResult> SaveAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var body = await DesignerRequest.BodyAsync(request, cancellationToken);
        if (body["model"] is not JsonObject model)
            return Problem.Of(StatusCodes.Status400BadRequest, "The request has no 'model'. Send {\"model\": {...}, \"publish\": true or false}.");
        bool publish = body["publish"] is JsonValue value && value.TryGetValue(out bool wanted) && wanted;
        return await AnswerAsync(DefinitionIntake.Read(model, StepActivities.Catalog), publish, store, cancellationToken);
    }

    private static async Task<IResult> PublishAsync(string id, WorkflowStore store, CancellationToken cancellationToken) =>
        await store.GetLatestAsync(id, cancellationToken) is { } latest ? await AnswerAsync(latest, publish: true, store, cancellationToken) : Problem.NotFound("workflow", id);

    private static async Task<IResult> AnswerAsync(WorkflowDefinition definition, bool publish, WorkflowStore store, CancellationToken cancellationToken)
    {
        var (saved, alreadyPublished, refusal) = await StoreAsync(definition, publish, store, cancellationToken);
        return refusal ?? Json(new JsonObject { ["workflowDefinition"] = DefinitionView.Full(saved!), ["alreadyPublished"] = alreadyPublished, ["consumingWorkflowCount"] = 0 }); // Saved where not refused.
    }

    private static async Task<IResult> RetractAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        if (await store.GetPublishedAsync(id, cancellationToken) is not { Id: { } versionId })
            return Problem.NotFound("published workflow", id);
        await store.RetractAsync(id, cancellationToken);
        return Json(DefinitionView.Full((await store.GetByVersionIdAsync(versionId, cancellationToken))!)); // It was read a moment ago.
    }

    // The old content becomes the newest draft; nothing is lost.
    private static async Task<IResult> RevertAsync(string id, int version, WorkflowStore store, CancellationToken cancellationToken) =>
        await store.GetVersionAsync(id, version, cancellationToken) is { } old
            ? Json(DefinitionView.Summary(await store.SaveDefinitionAsync(old, publish: false, cancellationToken)))
            : Problem.NotFound($"version {version} of the workflow", id);

    private static async Task<IResult> ExecuteAsync(string id, HttpContext context, WorkflowStore store, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        var body = await DesignerRequest.BodyAsync(context.Request, cancellationToken);
        var published = await store.GetPublishedAsync(id, cancellationToken);
        var latest = await store.GetLatestAsync(id, cancellationToken);
        if (latest is null)
            return Problem.NotFound("workflow", id);
        if (published is null || (DesignerJson.Text(body["versionOptions"]) == nameof(VersionChoice.Latest) && published.Id != latest.Id))
            return Problem.Of(StatusCodes.Status400BadRequest, $"Version {latest.Version} of '{id}' is a draft. Publish it; runs start from what is published.");
        var runId = await engine.StartRunAsync(id, body["input"] as JsonObject, new StartRequest("by hand", "designer")
        {
            CorrelationId = DesignerJson.Text(body["correlationId"]), TriggerActivityId = DesignerJson.Text(body["triggerActivityId"]),
        }, cancellationToken);
        var run = await store.GetRunAsync(runId, cancellationToken) ?? throw new WorkflowException($"The run '{runId}' was deleted as soon as it had started.");
        context.Response.Headers[InstanceHeader] = runId;
        return Json(new JsonObject { ["workflowInstanceId"] = runId, ["workflowState"] = InstanceView.State(run) });
    }

    private static async Task<IResult> SubgraphAsync(string id, WorkflowStore store, CancellationToken cancellationToken) =>
        await store.GetByVersionIdAsync(id, cancellationToken) is { } found ? Json(Node(DefinitionView.Full(found)["root"]!.AsObject(), "Root")) : Problem.NotFound("workflow version", id);

    private static async Task<IResult> SegmentsAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        if (await store.GetByVersionIdAsync(id, cancellationToken) is not { } found)
            return Problem.NotFound("workflow version", id);
        var root = DefinitionView.Full(found)["root"]!.AsObject();
        return Json(new JsonObject { ["childNode"] = Node(root, "Root"), ["container"] = Node(root, "Root"), ["pathSegments"] = new JsonArray() });
    }

    private static JsonObject Node(JsonObject activity, string port) => new()
    {
        ["activity"] = activity.DeepClone(), ["port"] = port, ["nodeId"] = activity["nodeId"]?.DeepClone(), ["parents"] = new JsonArray(),
        ["children"] = new JsonArray([.. (activity["activities"] as JsonArray ?? []).OfType<JsonObject>().Select(child => (JsonNode)Node(child, "Activities"))]),
    };

    public static async Task<WorkflowDefinition?> FindAsync(string id, string? versionOptions, WorkflowStore store, CancellationToken cancellationToken)
    {
        var (items, _) = await store.SearchDefinitionsAsync(
            DesignerRequest.Versions(versionOptions) with { DefinitionIds = [id], OrderBy = DefinitionOrder.Version, Descending = true, Take = 1 }, cancellationToken);
        return items.Count > 0 ? items[0] : null;
    }
}
