using System.Text.Json.Nodes;
using Workbench.Host.Triggers;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Api;

/// <summary>What starts runs: look, pause, resume, fire.</summary>
internal static class TriggerEndpoints
{
    public static void MapTriggers(this IEndpointRouteBuilder endpoints)
    {
        var triggers = endpoints.MapGroup("/api/triggers");
        // Pausing and firing need no body, so that a browser would send them for any page.
        triggers.AddEndpointFilter(async (context, next) => ApiKeyGate.IsFromOtherSite(context.HttpContext)
            ? Results.Json(new { error = "A request from another site is refused." }, statusCode: StatusCodes.Status403Forbidden)
            : await next(context));
        triggers.MapGet("/", (TriggerDesk desk, CancellationToken cancellationToken, string? workflow = null) => desk.ListAsync(workflow, cancellationToken));
        triggers.MapGet("/{id}", ShowAsync);
        triggers.MapPost("/{id}/pause", (string id, TriggerDesk desk, CancellationToken cancellationToken, ActorBody? body = null) => desk.PauseAsync(id, body?.Actor ?? "api", cancellationToken));
        triggers.MapPost("/{id}/resume", (string id, TriggerDesk desk, CancellationToken cancellationToken) => desk.ResumeAsync(id, cancellationToken));
        triggers.MapPost("/{id}/fire", FireAsync);
    }

    private static async Task<IResult> ShowAsync(string id, TriggerDesk desk, CancellationToken cancellationToken) => await desk.FindAsync(id, cancellationToken) is { } found
        ? Results.Json(found)
        : Results.Json(new { error = $"There is no trigger '{id}'. /api/triggers lists them." }, statusCode: 404);

    private static async Task<IResult> FireAsync(string id, TriggerDesk desk, CancellationToken cancellationToken, FireBody? body = null)
    {
        var outcome = await desk.FireAsync(id, body?.Inputs, body?.Reason, body?.Actor ?? "api", cancellationToken);
        int status = outcome.IsStarted ? 200 : outcome.Result == TriggerResult.Failed ? 400 : 409;
        return status == 200
            ? Results.Json(new { trigger = id, outcome = outcome.Result.ToString(), run = outcome.RunId, outcome.Message })
            : Results.Json(new { error = outcome.Message, outcome = outcome.Result.ToString() }, statusCode: status);
    }
}

/// <summary>Who does it.</summary>
internal sealed record ActorBody(string? Actor = null);

/// <summary>How a trigger is fired by hand: inputs before the trigger's own, why, and by whom.</summary>
internal sealed record FireBody(JsonObject? Inputs = null, string? Reason = null, string? Actor = null);
