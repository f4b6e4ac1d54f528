using System.Globalization;
using Dapper;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Hands out steps and takes back what became of them. Every change is guarded by owner and attempt.</summary>
internal sealed class StepLeases(WorkflowStore store, PinnedDefinitions definitions, ActivityCatalog catalog, WorkflowEngineOptions options)
{
    private const string Claimable = """
        i.stopping is null and ((e.status = 'Pending' and e.not_before <= {0})
            or (e.status = 'Running' and e.lease_until < {0} and e.lost_leases < @MaxLostLeases))
        """;

    private const string Dead = """
        e.status = 'Running' and e.lease_until < {0} and (i.stopping is not null or e.lost_leases >= @MaxLostLeases)
        """;

    private string Now => store.Database.Now;

    private long Lease => (long)options.Lease.TotalMilliseconds;

    /// <summary>The step that has waited longest and may start, now leased to <paramref name="owner"/>; null when there is none.</summary>
    public async Task<LeasedStep?> ClaimAsync(string owner, CancellationToken cancellationToken)
    {
        while (await FindAsync(Claimable, cancellationToken) is { } found)
            if (await InRunAsync(found.RunId, (transaction, run) => ClaimAsync(transaction, run, found.StepId, owner), cancellationToken) is { } claimed)
                return claimed;
        return null;
    }

    /// <summary>Extends the lease and stores progress.</summary>
    public Task<LeaseState> HeartbeatAsync(LeasedStep step, StepProgress? progress, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(async (connection, transaction) =>
        {
            var key = new
            {
                step.Context.RunId, step.Context.StepId, step.Context.Attempt, step.Owner, progress?.Message, progress?.LogFile, Lease,
            };
            if (progress is not null)
                await connection.ExecuteAsync(
                    $"update workflow_instances set updated_at = case when updated_at < {Now} then {Now} else updated_at + 1 end where id = @RunId",
                    key, transaction);
            var held = await connection.ExecuteAsync(
                $"""
                update activity_executions
                set lease_until = {Now} + @Lease, message = coalesce(@Message, message), log_file = coalesce(@LogFile, log_file)
                where instance_id = @RunId and step_id = @StepId and owner = @Owner and attempt = @Attempt and status = 'Running'
                """, key, transaction);
            var stopping = await connection.ExecuteScalarAsync<string?>(
                "select stopping from workflow_instances where id = @RunId", key, transaction);
            return held == 0 ? LeaseState.Lost : stopping == nameof(RunSubStatus.Cancelled) ? LeaseState.Cancelled : LeaseState.Held;
        }, cancellationToken);

    /// <summary>The step is done: outputs, completion and successors in one transaction. False when it is no longer the owner's.</summary>
    public Task<bool> CompleteAsync(LeasedStep step, StepResult result, StepProgress? progress, CancellationToken cancellationToken) =>
        EndAsync(step, progress, (advance, row) => advance.CompleteAsync(row, result), cancellationToken);

    /// <summary>The attempt failed. False when the step is no longer the owner's.</summary>
    public Task<bool> FailAsync(LeasedStep step, string error, bool isRetryable, StepProgress? progress, CancellationToken cancellationToken) =>
        EndAsync(step, progress, (advance, row) => advance.FailAsync(row, error, isRetryable), cancellationToken);

    /// <summary>The step stopped because its run is being cancelled. False when it is no longer the owner's.</summary>
    public Task<bool> CancelAsync(LeasedStep step, StepProgress? progress, CancellationToken cancellationToken) =>
        EndAsync(step, progress, (advance, row) => advance.CancelStepAsync(row, "The run was cancelled."), cancellationToken);

    /// <summary>The worker goes away before the step is done; another may start it at once. Costs no attempt.</summary>
    public Task<bool> ReleaseAsync(LeasedStep step, CancellationToken cancellationToken) =>
        InRunAsync(step.Context.RunId, async (transaction, run) =>
        {
            if (await OwnedAsync(transaction, step) is not { } row)
                return false;
            row.Status = nameof(StepStatus.Pending);
            row.Owner = null;
            row.NotBefore = transaction.Now;
            await transaction.SaveStepAsync(row);
            await transaction.AddEventAsync(run, row, "Interrupted", "The worker stopped.");
            await transaction.SaveRunAsync(run);
            return true;
        }, cancellationToken);

    /// <summary>Ends steps whose workers died and that may not start again.</summary>
    public async Task ReapAsync(CancellationToken cancellationToken)
    {
        while (await FindAsync(Dead, cancellationToken) is { } found)
            await InRunAsync(found.RunId, (transaction, run) => ReapAsync(transaction, run, found.StepId), cancellationToken);
    }

    private async Task<LeasedStep?> ClaimAsync(RunTransaction transaction, RunRow run, string stepId, string owner)
    {
        if (await transaction.StepAsync(run.Id, stepId) is not { } row || !IsClaimable(run, row, transaction.Now))
            return null;
        if (row.Status == nameof(StepStatus.Running))
        {
            row.LostLeases++;
            await transaction.AddEventAsync(run, row, "Interrupted", $"The worker {row.Owner} was not heard of any more; the step starts again.");
        }
        row.Status = nameof(StepStatus.Running);
        row.Attempt++;
        row.Owner = owner;
        row.LeaseUntil = transaction.Now + Lease;
        row.StartedAt = transaction.Now;
        row.Message = row.LogFile = null;
        await transaction.SaveStepAsync(row);
        await transaction.AddEventAsync(run, row, "Started");
        await transaction.SaveRunAsync(run);
        return new(owner, TimeSpan.FromMilliseconds(row.Timeout), ToContext(run, row));
    }

    private bool IsClaimable(RunRow run, StepRow row, long now) => run.Stopping is null && row.Status switch
    {
        nameof(StepStatus.Pending) => row.NotBefore <= now,
        nameof(StepStatus.Running) => row.LeaseUntil < now && row.LostLeases < options.MaxLostLeases,
        _ => false,
    };

    private Task<bool> EndAsync(LeasedStep step, StepProgress? progress, Func<RunAdvance, StepRow, Task> end, CancellationToken cancellationToken) =>
        InRunAsync(step.Context.RunId, async (transaction, run) =>
        {
            if (await OwnedAsync(transaction, step) is not { } row)
                return false;
            row.Message = progress?.Message ?? row.Message;
            row.LogFile = progress?.LogFile ?? row.LogFile;
            await end(await LoadAsync(transaction, run), row);
            return true;
        }, cancellationToken);

    private async Task<bool> ReapAsync(RunTransaction transaction, RunRow run, string stepId)
    {
        if (await transaction.StepAsync(run.Id, stepId) is not { Status: nameof(StepStatus.Running) } row || row.LeaseUntil >= transaction.Now)
            return false;
        var advance = await LoadAsync(transaction, run);
        if (run.Stopping is not null)
            await advance.CancelStepAsync(row, "The worker was not heard of any more.");
        else
            await advance.FailAsync(row,
                $"The worker died while running it, {row.LostLeases + 1} times (the last was {row.Owner}). See the host's log for why, then start the run again.", isRetryable: false);
        return true;
    }

    private async Task<RunAdvance> LoadAsync(RunTransaction transaction, RunRow run) =>
        await RunAdvance.LoadAsync(transaction, run, await definitions.GetAsync(run.DefinitionVersionId), catalog, options);

    private static async Task<StepRow?> OwnedAsync(RunTransaction transaction, LeasedStep step) =>
        await transaction.StepAsync(step.Context.RunId, step.Context.StepId) is { Status: nameof(StepStatus.Running) } row
            && row.Owner == step.Owner && row.Attempt == step.Context.Attempt ? row : null;

    private Task<(string RunId, string StepId)?> FindAsync(string condition, CancellationToken cancellationToken) =>
        store.Database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<(string, string)?>(
            $"""
            select e.instance_id, e.step_id
            from activity_executions e
            join workflow_instances i on i.id = e.instance_id
            where {string.Format(CultureInfo.InvariantCulture, condition, Now)}
            order by e.not_before, e.instance_id, e.ordinal
            limit 1
            """, new { options.MaxLostLeases }), cancellationToken);

    private Task<T?> InRunAsync<T>(string runId, Func<RunTransaction, RunRow, Task<T?>> work, CancellationToken cancellationToken) =>
        store.Database.InRunAsync(runId, work, cancellationToken);

    private static StepContext ToContext(RunRow run, StepRow row) => new()
    {
        RunId = run.Id,
        StepId = row.StepId,
        DefinitionId = run.DefinitionId,
        Version = run.Version,
        ActivityId = row.ActivityId,
        ActivityName = row.ActivityName,
        ActivityType = row.ActivityType,
        Attempt = row.Attempt,
        Inputs = WorkflowJson.ReadObject(row.Inputs),
        WorkflowInputs = WorkflowJson.ReadObject(run.Inputs),
        CorrelationId = run.CorrelationId,
        Reason = run.Reason,
        Actor = run.Actor,
    };
}
