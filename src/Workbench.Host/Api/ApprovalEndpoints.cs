using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>Questions that runs put to people, and their answers.</summary>
internal static class ApprovalEndpoints
{
    public static void MapApprovals(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/approvals", ListAsync);
        endpoints.MapPost("/api/approvals/{id}/decision", DecideAsync);
    }

    private static async Task<IResult> ListAsync(WorkflowStore store, CancellationToken cancellationToken, string? status = null, string? runId = null, int skip = 0, int take = 50)
    {
        ApprovalStatus? wanted = null;
        if (!string.IsNullOrEmpty(status))
            wanted = Enum.TryParse<ApprovalStatus>(status, ignoreCase: true, out var known) && Enum.IsDefined(known)
                ? known
                : throw new BadHttpRequestException($"Unknown status '{status}'. Known: {string.Join(", ", Enum.GetNames<ApprovalStatus>())}.");
        return Results.Json((await store.ListApprovalsAsync(new() { Status = wanted, RunId = runId, Skip = Math.Max(skip, 0), Take = Math.Clamp(take, 1, 500) }, cancellationToken))
            .Select(one => new
            {
                one.Id, one.RunId, one.DefinitionId, one.StepId, one.Title, one.Details, one.Approvers, one.EscalateTo, Status = one.Status.ToString(), one.Deadline,
                one.EscalatedAt, one.DecidedBy, one.Reason, one.DecidedAt, one.CreatedAt,
            }));
    }

    private static async Task<IResult> DecideAsync(string id, DecisionBody body, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.Actor))
            throw new BadHttpRequestException("A decision needs an actor: who decides. Send {\"approve\": true, \"actor\": \"ada\", \"reason\": \"...\"}.");
        var decision = await engine.DecideAsync(id, body.Approve, body.Actor, body.Reason, cancellationToken: cancellationToken);
        int status = decision.IsRecorded ? 200 : decision.Outcome == DecisionOutcome.Unknown ? 404 : 409;
        return Results.Json(new { id, outcome = decision.Outcome.ToString(), status = decision.Approval?.Status.ToString(), decision.Message }, statusCode: status);
    }
}

/// <summary>A decision: yes or no, whose, and why; a rejection needs a reason.</summary>
internal sealed record DecisionBody(bool Approve, string? Actor, string? Reason = null);
