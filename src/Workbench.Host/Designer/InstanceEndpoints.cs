using System.Text;
using System.Text.Json.Nodes;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;
using static Workbench.Host.Designer.DesignerEndpoints;

namespace Workbench.Host.Designer;

/// <summary>Runs, which Elsa calls instances.</summary>
internal static class InstanceEndpoints
{
    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("/workflow-instances");
        instances.MapPost("/", ListAsync);
        instances.MapGet("/{id}", (string id, WorkflowStore store, CancellationToken cancellationToken) => WithRunAsync(id, store, InstanceView.Full, cancellationToken));
        instances.MapGet("/{id}/execution-state", (string id, WorkflowStore store, CancellationToken cancellationToken) => WithRunAsync(id, store, run => new JsonObject
        {
            ["status"] = run.Status.ToString(), ["subStatus"] = run.SubStatus.ToString(), ["workflowSubStatus"] = run.SubStatus.ToString(), ["updatedAt"] = run.UpdatedAt,
        }, cancellationToken));
        instances.MapGet("/{id}/variables", VariablesAsync);
        instances.MapGet("/{id}/journal", JournalAsync);
        instances.MapPost("/{id}/journal", JournalAsync);
        instances.MapGet("/{id}/export", ExportAsync);
        instances.MapDelete("/{id}", async (string id, WorkflowStore store, CancellationToken cancellationToken) =>
            await store.DeleteRunAsync(id, cancellationToken) ? Results.NoContent() : Problem.NotFound("run", id));
        api.MapPost("/cancel/workflow-instances/{id}", async (string id, WorkflowEngine engine, CancellationToken cancellationToken) =>
            Json(new JsonObject { ["cancelled"] = await engine.CancelRunAsync(id, "cancelled in the designer", "designer", cancellationToken) }));
        api.MapPost("/bulk-actions/export/workflow-instances", ExportManyAsync);
        api.MapPost("/bulk-actions/import/workflow-instances", () =>
            Problem.Of(StatusCodes.Status400BadRequest, "Runs cannot be imported: a run belongs to the installation whose steps it did."));
    }

    private static async Task<IResult> ListAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var body = await DesignerRequest.BodyAsync(request, cancellationToken);
        var (skip, take) = DesignerRequest.Page(DesignerJson.Whole(body["page"]), DesignerJson.Whole(body["pageSize"]));
        var (runs, total) = await store.SearchRunsAsync(Search(body) with { Skip = skip, Take = take }, cancellationToken);
        return Json(DesignerJson.Page(runs.Select(InstanceView.Summary), total));
    }

    private static RunSearch Search(JsonObject body) => new()
    {
        Ids = DesignerJson.Texts(body["ids"]),
        DefinitionIds = [.. DesignerJson.Texts(body["definitionIds"]), .. new[] { DesignerJson.Text(body["definitionId"]) }.OfType<string>()],
        DefinitionVersionId = DesignerJson.Text(body["definitionVersionId"]),
        CorrelationId = DesignerJson.Text(body["correlationId"]),
        Version = DesignerJson.Whole(body["version"]),
        HasIncidents = body["hasIncidents"] is JsonValue has && has.TryGetValue(out bool wanted) ? wanted : null,
        SearchTerm = DesignerJson.Text(body["searchTerm"]),
        Statuses = Choices<RunStatus>(body, "status", "statuses"),
        // Elsa has a state that no run here is ever in; asking for it finds none of the others either.
        SubStatuses = Choices<RunSubStatus>(body, "subStatus", "subStatuses"),
        Times = [.. (body["timestampFilters"] as JsonArray ?? []).OfType<JsonObject>().Select(Time)],
        OrderBy = DesignerJson.Text(body["orderBy"]) switch { "LastExecuted" => RunTime.Updated, "Finished" => RunTime.Finished, _ => RunTime.Created },
        Descending = DesignerJson.Text(body["orderDirection"])?.StartsWith("Asc", StringComparison.OrdinalIgnoreCase) is not true,
    };

    private static IReadOnlyList<T> Choices<T>(JsonObject body, string one, string many) where T : struct, Enum =>
        [.. DesignerJson.Texts(body[many]).Append(DesignerJson.Text(body[one]) ?? "").Where(text => text.Length > 0).Select(text => DesignerRequest.Choice<T>(one, text)!.Value)];

    private static RunTimeCondition Time(JsonObject filter)
    {
        var column = DesignerJson.Text(filter["column"]) switch { "CreatedAt" => RunTime.Created, "UpdatedAt" => RunTime.Updated, "FinishedAt" => RunTime.Finished, var other => throw new WorkflowException($"There is no time '{other}' of a run. Known: CreatedAt, UpdatedAt, FinishedAt.") };
        var comparison = DesignerRequest.Choice<RunTimeComparison>("operator", DesignerJson.Text(filter["operator"])) ?? RunTimeComparison.Is;
        return UtcTime.TryParse(DesignerJson.Text(filter["timestamp"]), null, out var at)
            ? new(column, comparison, at.Value)
            : throw new WorkflowException($"'{filter["timestamp"]}' is no time. Give {UtcTime.Allowed}.");
    }

    private static async Task<IResult> VariablesAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        if (await store.GetRunAsync(id, cancellationToken) is not { } run)
            return Problem.NotFound("run", id);
        var definition = await store.GetByVersionIdAsync(run.DefinitionVersionId, cancellationToken);
        return Json(DesignerJson.Items((definition?.AllVariables ?? []).Select(variable => InstanceView.Variable(variable, run))));
    }

    private static async Task<IResult> JournalAsync(string id, HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        if (await store.GetRunAsync(id, cancellationToken) is not { } run)
            return Problem.NotFound("run", id);
        var filter = HttpMethods.IsPost(request.Method) ? (await DesignerRequest.BodyAsync(request, cancellationToken))["filter"] as JsonObject ?? [] : [];
        var nodes = run.Steps.ToDictionary(step => step.StepId, step => step.NodeId);
        var entries = (await store.GetJournalAsync(id, take: int.MaxValue, cancellationToken: cancellationToken))
            .Select(entry => InstanceView.Journal(run, entry, entry.StepId is { } step ? nodes.GetValueOrDefault(step) : null))
            .Where(entry => Matches(entry, filter)).ToList();
        return Json(DesignerJson.Page(entries.Skip(DesignerRequest.Whole(request, "skip") ?? 0).Take(DesignerRequest.Whole(request, "take") ?? 1000), entries.Count));
    }

    private static bool Matches(JsonObject entry, JsonObject filter) =>
        Any(filter, "activityIds", entry["activityId"]) && Any(filter, "activityNodeIds", entry["nodeId"]) && Any(filter, "eventNames", entry["eventName"])
        && !DesignerJson.Texts(filter["excludedActivityTypes"]).Contains(DesignerJson.Text(entry["activityType"]));

    private static bool Any(JsonObject filter, string name, JsonNode? value) => DesignerJson.Texts(filter[name]) is not { Count: > 0 } wanted || wanted.Contains(DesignerJson.Text(value) ?? "");

    private static async Task<IResult> ExportAsync(string id, WorkflowStore store, CancellationToken cancellationToken) =>
        await store.GetRunAsync(id, cancellationToken) is { } run
            ? Results.File(Encoding.UTF8.GetBytes(Export(run).ToJsonString()), "application/json", $"workflow-instance-{run.Id}.json")
            : Problem.NotFound("run", id);

    private static async Task<IResult> ExportManyAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var ids = DesignerJson.Texts((await DesignerRequest.BodyAsync(request, cancellationToken))["ids"]);
        if (ids.Count == 0)
            return Problem.Of(StatusCodes.Status400BadRequest, "No 'ids' were given. Name the runs to export.");
        var (runs, _) = await store.SearchRunsAsync(new() { Ids = ids, Take = ids.Count }, cancellationToken);
        return Results.File(Encoding.UTF8.GetBytes(new JsonArray([.. runs.Select(run => (JsonNode)Export(run))]).ToJsonString()), "application/json", "workflow-instances.json");
    }

    private static JsonObject Export(WorkflowRun run)
    {
        var json = InstanceView.Full(run);
        json["activityExecutions"] = new JsonArray([.. run.Steps.Select(step => (JsonNode)InstanceView.Execution(run, step))]);
        return json;
    }

    private static async Task<IResult> WithRunAsync(string id, WorkflowStore store, Func<WorkflowRun, JsonObject> view, CancellationToken cancellationToken) =>
        await store.GetRunAsync(id, cancellationToken) is { } run ? Json(view(run)) : Problem.NotFound("run", id);
}
