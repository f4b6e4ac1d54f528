using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Takes decisions and watches deadlines. Whoever locks the run first decides.</summary>
internal sealed class ApprovalDesk(WorkflowEngine engine)
{
    public async Task<Decision> DecideAsync(
        string approvalId, bool approve, string actor, string? reason, IReadOnlyCollection<string> roles, CancellationToken cancellationToken)
    {
        if (await engine.Store.GetApprovalAsync(approvalId, cancellationToken) is not { } known)
            return new(DecisionOutcome.Unknown, null, $"Unknown approval '{approvalId}'. List the approvals to see their ids.");
        var (outcome, message) = await engine.InRunAsync(known.RunId, async (transaction, run) =>
        {
            // Read again: another may have decided before this transaction held the run.
            var approval = await transaction.ApprovalAsync(approvalId) ?? throw new InvalidOperationException($"Approval '{approvalId}' is gone.");
            if (Refuse(approval.ToApproval(), approve, actor, reason, roles) is { } refusal)
                return refusal;
            await RecordAsync(transaction, run, approval, approve ? ApprovalActivity.Approved : ApprovalActivity.Rejected, actor, reason);
            return (DecisionOutcome.Recorded, $"{(approve ? "Approved" : "Rejected")} by {actor}.");
        }, cancellationToken);
        engine.Signal.Set();
        return new(outcome, await engine.Store.GetApprovalAsync(approvalId, cancellationToken), message);
    }

    /// <summary>The deadline has passed: others are asked when there are any, else the step goes on with TimedOut.</summary>
    public Task PassDeadlineAsync(Bookmark bookmark, CancellationToken cancellationToken) =>
        engine.InRunAsync(bookmark.RunId, async (transaction, run) =>
        {
            if (await transaction.ApprovalAsync(bookmark.Id) is not { Status: nameof(ApprovalStatus.Waiting) } approval || !(approval.Deadline <= transaction.Now))
                return false;
            if (approval.EscalatedAt is null && approval.ToApproval().EscalateTo.Count > 0)
                await EscalateAsync(transaction, run, approval);
            else
                await RecordAsync(transaction, run, approval, ApprovalActivity.TimedOut, null, null);
            return true;
        }, cancellationToken);

    private static (DecisionOutcome, string)? Refuse(Approval approval, bool approve, string actor, string? reason, IReadOnlyCollection<string> roles)
    {
        var wanted = approve ? ApprovalStatus.Approved : ApprovalStatus.Rejected;
        if (approval.Status == wanted && approval.DecidedBy == actor)
            return (DecisionOutcome.Recorded, $"{actor} had {wanted.ToString().ToLowerInvariant()} it before.");
        if (approval.Status != ApprovalStatus.Waiting)
            return (DecisionOutcome.TooLate, $"It is too late: {Ended(approval)}.");
        if (approval.Approvers.Count > 0 && !approval.Approvers.Intersect([actor, .. roles], StringComparer.OrdinalIgnoreCase).Any())
            return (DecisionOutcome.NotAllowed, $"'{actor}' may not decide. Allowed: {string.Join(", ", approval.Approvers)}.");
        return approve || !string.IsNullOrWhiteSpace(reason) ? null
            : (DecisionOutcome.ReasonMissing, "A rejection needs a reason. Say why, so that others can act on it.");
    }

    private static string Ended(Approval approval) => approval.Status switch
    {
        ApprovalStatus.TimedOut => $"the deadline passed at {approval.DecidedAt:yyyy-MM-dd HH:mm:ss}Z",
        ApprovalStatus.Canceled => "the run no longer asks",
        _ => $"{approval.DecidedBy} has {approval.Status.ToString().ToLowerInvariant()} it at {approval.DecidedAt:yyyy-MM-dd HH:mm:ss}Z",
    };

    private async Task RecordAsync(RunTransaction transaction, RunRow run, ApprovalRow approval, string outcome, string? actor, string? reason)
    {
        var waiting = await Waiting.LoadAsync(engine, transaction, run, approval.Id)
            ?? throw new InvalidOperationException($"Approval '{approval.Id}' is waiting, but its step '{approval.StepId}' is not.");
        approval.Status = outcome;
        (approval.DecidedBy, approval.Reason, approval.DecidedAt) = (actor, reason, transaction.Now);
        await transaction.SaveApprovalAsync(approval);
        await waiting.CompleteAsync(new()
        {
            Outcome = outcome,
            Outputs = new() { ["decidedBy"] = actor, ["reason"] = reason, ["escalated"] = approval.EscalatedAt is not null },
            Message = actor is null ? "Nobody decided in time." : reason is null ? $"By {actor}." : $"By {actor}: {reason}",
        });
    }

    private async Task EscalateAsync(RunTransaction transaction, RunRow run, ApprovalRow approval)
    {
        var waiting = await Waiting.LoadAsync(engine, transaction, run, approval.Id)
            ?? throw new InvalidOperationException($"Approval '{approval.Id}' is waiting, but its step '{approval.StepId}' is not.");
        var inputs = WorkflowJson.ReadObject(approval.Details);
        approval.Approvers = approval.EscalateTo;
        approval.EscalatedAt = transaction.Now;
        approval.Deadline = WaitingActivities.Deadline(inputs["escalationDeadline"] ?? inputs["deadline"], transaction.Now);
        waiting.Bookmark.DueAt = approval.Deadline;
        await transaction.SaveApprovalAsync(approval);
        await transaction.SaveBookmarkAsync(waiting.Bookmark);
        await transaction.AddEventAsync(run, waiting.Step, "Escalated", $"Nobody decided in time; now it is up to {string.Join(", ", approval.ToApproval().Approvers)}.");
        await transaction.SaveRunAsync(run);
    }
}
