using System.Text.Json.Nodes;
using Workbench.Host.Designer;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Api;

/// <summary>Definitions in, runs out.</summary>
internal static class WorkflowEndpoints
{
    public static void MapWorkflows(this IEndpointRouteBuilder endpoints)
    {
        var workflows = endpoints.MapGroup("/api/workflows");
        workflows.MapGet("/", ListAsync);
        workflows.MapPost("/", PublishAsync);
        workflows.MapGet("/{id}", ShowAsync);
        workflows.MapPost("/{id}/runs", StartAsync);
        workflows.MapPost("/{id}/move-runs", MoveRunsAsync);
        var runs = endpoints.MapGroup("/api/runs");
        runs.MapGet("/", RunsAsync);
        runs.MapGet("/{id}", RunAsync);
        runs.MapPost("/{id}/cancel", CancelAsync);
        runs.MapPost("/{id}/move", MoveAsync);
    }

    public static async Task<IReadOnlyList<RunView>> RunsAsync(WorkflowStore store, CancellationToken cancellationToken, string? definitionId = null, int take = 50) =>
        [.. (await store.ListRunsAsync(new RunFilter { DefinitionId = definitionId, Take = Math.Clamp(take, 1, 500) }, cancellationToken)).Select(RunView.Of)];

    private static async Task<object> ListAsync(WorkflowStore store, CancellationToken cancellationToken) =>
        (await store.ListDefinitionsAsync(cancellationToken)).Select(definition => new { definition.DefinitionId, definition.Name, definition.Version, definition.IsPublished });

    private static async Task<IResult> ShowAsync(string id, WorkflowStore store, CancellationToken cancellationToken) =>
        await store.GetLatestAsync(id, cancellationToken) is { } definition ? Results.Text(definition.ToJson(), "application/json") : await UnknownWorkflowAsync(id, store, cancellationToken);

    // Publishing what is published already changes nothing, so that a deployment can be repeated.
    private static async Task<IResult> PublishAsync(JsonObject body, WorkflowStore store, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        var definition = WorkflowDefinition.Parse(body);
        var findings = DefinitionRules.Validate(definition);
        if (findings.Any(finding => finding.Severity == FindingSeverity.Error))
            return Results.Json(new { error = $"The workflow '{definition.DefinitionId}' is not published; mend its findings first.", findings = findings.Select(finding => finding.ToString()) }, statusCode: 400);
        var published = await engine.PublishAsync(definition, cancellationToken);
        return Results.Json(new { published.DefinitionId, published.Version, findings = findings.Select(finding => finding.ToString()) });
    }

    private static async Task<object> StartAsync(string id, StartBody body, WorkflowEngine engine, CancellationToken cancellationToken) => new
    {
        id = await engine.StartRunAsync(id, body.Inputs, new StartRequest(body.Reason ?? "by hand", body.Actor ?? "api") { IdempotencyKey = body.IdempotencyKey }, cancellationToken),
    };

    private static async Task<IResult> RunAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        if (await store.GetRunAsync(id, cancellationToken) is not { } run)
            return Results.Json(new { error = $"There is no run '{id}'. /api/runs lists the latest." }, statusCode: 404);
        var view = RunView.Of(run);
        var log = (await store.GetJournalAsync(id, cancellationToken: cancellationToken))
            .Select(entry => new LogLine(entry.Timestamp, entry.ActivityName ?? "run", string.Join(" ", new[] { entry.EventName, entry.Message }.OfType<string>())));
        return Results.Json(new { view.Id, view.DefinitionId, view.Version, view.Status, view.SubStatus, view.Reason, view.Actor, view.CreatedAt, view.FinishedAt, view.Error, view.TriggerId, view.Payload, view.Steps, log });
    }

    private static async Task<object> CancelAsync(string id, ReasonBody body, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        return new { id, cancelling = await engine.CancelRunAsync(id, body.Reason, body.Actor ?? "api", cancellationToken) };
    }

    private static async Task<object> MoveAsync(string id, MoveBody body, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        var moved = await engine.MoveRunAsync(id, body.Version, body.Actor ?? "api", cancellationToken);
        return new { id, from = moved.FromVersion, to = moved.ToVersion };
    }

    private static async Task<object> MoveRunsAsync(string id, MoveBody body, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        var results = await engine.MoveRunsAsync(id, body.Version, body.Actor ?? "api", cancellationToken);
        return new
        {
            moved = results.Where(run => run.IsMoved).Select(run => new { id = run.RunId, from = run.FromVersion, to = run.ToVersion }),
            refused = results.Where(run => !run.IsMoved).Select(run => new { id = run.RunId, from = run.FromVersion, reason = run.Refusal }),
        };
    }

    private static async Task<IResult> UnknownWorkflowAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        var known = string.Join(", ", (await store.ListDefinitionsAsync(cancellationToken)).Select(definition => definition.DefinitionId));
        return Results.Json(new { error = $"There is no workflow '{id}'. Known: {known}." }, statusCode: 404);
    }
}

/// <summary>To which version runs are moved.</summary>
internal sealed record MoveBody(int Version, string? Actor = null);

/// <summary>How a run is asked for. The same idempotency key starts one run.</summary>
internal sealed record StartBody(JsonObject? Inputs = null, string? Reason = null, string? Actor = null, string? IdempotencyKey = null);
