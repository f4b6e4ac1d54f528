using System.Data.Common;
using System.Runtime.ExceptionServices;
using Dapper;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Hands out steps and takes back what became of them. Every change is guarded by owner and attempt; every time is the
/// database's.
/// </summary>
internal sealed class StepLeases(WorkflowStore store, PinnedDefinitions definitions, ActivityCatalog catalog, WorkflowEngineOptions options)
{
    private const int MillisecondsAfterFailure = 60_000;

    private readonly StepQueue _queue = new(store.Database);

    private string Now => store.Database.Now;

    private long Lease => (long)options.Lease.TotalMilliseconds;

    /// <summary>The step whose turn it is, now leased to <paramref name="owner"/>; null when none may start.</summary>
    public async Task<LeasedStep?> ClaimAsync(string owner, CancellationToken cancellationToken) =>
        (await ClaimAsync(new StepOwner(owner, null), new FreePlaces(1, IsIdle: true), cancellationToken)).FirstOrDefault();

    /// <summary>The steps whose turn it is, as many as there are places for, now leased to the owner; empty when none may start.</summary>
    public async Task<IReadOnlyList<LeasedStep>> ClaimAsync(StepOwner owner, FreePlaces places, CancellationToken cancellationToken)
    {
        var heldBack = new HashSet<string>();
        while (places.Count > 0 && await _queue.PeekAsync(heldBack, cancellationToken) is { } next && places.HasRoomFor(next.Places))
        {
            var claimed = await ClaimAsync(next, heldBack, owner, places, cancellationToken);
            if (claimed is not { Count: 0 })
                return claimed ?? [];
        }
        return [];
    }

    /// <summary>Extends the lease and stores what the step has to tell.</summary>
    public Task<LeaseState> HeartbeatAsync(LeasedStep step, StepNews? news, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(async (connection, transaction) =>
        {
            var key = new { step.Context.RunId, step.Context.StepId, step.Context.Attempt, step.Owner, Message = StoredText.Clean(news?.Message), news?.LogFile, Lease };
            if (news is { Message: not null } or { LogFile: not null })
                await connection.ExecuteAsync(
                    $"update workflow_instances set updated_at = case when updated_at < {Now} then {Now} else updated_at + 1 end where id = @RunId",
                    key, transaction);
            var held = await connection.ExecuteAsync(
                $"""
                update activity_executions
                set lease_until = {Now} + @Lease, message = coalesce(@Message, message), log_file = coalesce(@LogFile, log_file)
                where instance_id = @RunId and step_id = @StepId and owner = @Owner and attempt = @Attempt and status = 'Running'
                """, key, transaction);
            if (held == 0)
                return LeaseState.Lost;
            await LogRows.AppendAsync(connection, transaction, store.Database, step.Context.RunId, step.Context.StepId, step.Context.Attempt, news?.Log ?? [], options.MaxLogLength);
            var stopping = await connection.ExecuteScalarAsync<string?>(
                "select stopping from workflow_instances where id = @RunId", key, transaction);
            return stopping == nameof(RunSubStatus.Cancelled) ? LeaseState.Cancelled : LeaseState.Held;
        }, cancellationToken);

    /// <summary>The step is done: outputs, completion and successors in one transaction. False when it is no longer the owner's.</summary>
    public Task<bool> CompleteAsync(LeasedStep step, StepResult result, StepNews? news, CancellationToken cancellationToken) =>
        EndAsync(step, news, (advance, row) => advance.CompleteAsync(row, result), cancellationToken);

    /// <summary>The attempt failed. False when the step is no longer the owner's.</summary>
    public Task<bool> FailAsync(LeasedStep step, string error, bool isRetryable, StepNews? news, CancellationToken cancellationToken) =>
        EndAsync(step, news, (advance, row) => advance.FailAsync(row, error, isRetryable), cancellationToken);

    /// <summary>The step stopped because its run is being cancelled. False when it is no longer the owner's.</summary>
    public Task<bool> CancelAsync(LeasedStep step, StepNews? news, CancellationToken cancellationToken) =>
        EndAsync(step, news, (advance, row) => advance.CancelStepAsync(row, "The run was cancelled."), cancellationToken);

    /// <summary>The worker goes away before the step is done; another may start it at once. Costs no attempt.</summary>
    public Task<bool> ReleaseAsync(LeasedStep step, StepNews? news, CancellationToken cancellationToken) =>
        EndAsync(step, news, (advance, row) => advance.InterruptAsync(row, "The worker stopped."), cancellationToken);

    /// <summary>The worker has stopped a step that is not its own any more; what the step held of the limits is free again.</summary>
    public Task LeaveAsync(LeasedStep step, CancellationToken cancellationToken) =>
        store.Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
            """
            update activity_executions
            set owner = null
            where instance_id = @RunId and step_id = @StepId and owner = @Owner and attempt = @Attempt and status <> 'Running'
            """, new { step.Context.RunId, step.Context.StepId, step.Context.Attempt, step.Owner }, transaction), cancellationToken);

    /// <summary>
    /// Takes steps from workers that are no longer heard of: they start again, or are faulted when that happened too often. One whose
    /// run cannot be moved on is looked at again in a minute; what went wrong last is thrown when all are done.
    /// </summary>
    public async Task ReapAsync(CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var dead in await FindDeadAsync(cancellationToken))
            try
            {
                await store.Database.InRunAsync(dead.RunId, (transaction, run) => ReapAsync(transaction, run, dead.StepId), cancellationToken);
            }
            catch (Exception failure) when (failure is not (OperationCanceledException or DbException or WorkflowException { IsUnavailable: true })) // The edge of a run: one that is damaged does not hold up the others.
            {
                await PostponeAsync(dead, cancellationToken);
                last = failure;
            }
        if (last is not null)
            ExceptionDispatchInfo.Throw(last);
    }

    /// <summary>
    /// Claims what several free places need in one transaction, which waits for the disk once. It ends with a step that needs a
    /// limit: a transaction that holds a limit waits for nothing else. Null when a step's turn has come for which there are too few places.
    /// </summary>
    private Task<List<LeasedStep>?> ClaimAsync(QueuedStep next, HashSet<string> heldBack, StepOwner owner, FreePlaces places, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(async (connection, transaction) =>
        {
            var (claimed, left) = (new List<LeasedStep>(), places);
            while (left.Count > 0)
            {
                // Of many workers that look at once each takes runs of its own, and waits only where there is no other.
                var free = await _queue.FindUnlockedAsync(connection, transaction, heldBack) ?? (claimed.Count == 0 ? next : null);
                var statements = new RunTransaction(connection, transaction, store.Database);
                if (free is not null && !left.HasRoomFor(free.Places))
                    return claimed.Count > 0 ? claimed : null;
                if (free is null || await statements.LockAsync(free.RunId) is not { } run
                    || await ClaimAsync(statements, run, free, heldBack, owner) is not { } claim)
                    break;
                claimed.Add(claim);
                left = left.Without(claim.Places);
                if (free.HasNeeds == 1)
                    break;
            }
            return claimed;
        }, cancellationToken);

    private async Task<LeasedStep?> ClaimAsync(RunTransaction transaction, RunRow run, QueuedStep next, HashSet<string> heldBack, StepOwner owner)
    {
        if (await transaction.StepAsync(run.Id, next.StepId) is not { Status: nameof(StepStatus.Pending) } row || row.NotBefore > transaction.Now || run.Stopping is not null)
            return null;
        var needs = next.HasNeeds == 1 ? await transaction.LockNeedsAsync(run.Id, next.StepId) : [];
        if (needs.FirstOrDefault(need => need.Limit.IsTooSmallFor(need.Amount)) is { Limit: { } small } impossible)
        {
            var advance = await LoadAsync(transaction, run);
            await advance.FailAsync(row, TooMuch(small, impossible.Amount), isRetryable: false);
            return null;
        }
        var full = needs.Where(need => !need.Limit.HasRoomFor(need.Amount)).Select(need => need.Limit.Name).ToList();
        heldBack.UnionWith(full);
        return full.Count > 0 ? null : await StartAsync(transaction, run, row, owner);
    }

    private async Task<LeasedStep> StartAsync(RunTransaction transaction, RunRow run, StepRow row, StepOwner owner)
    {
        row.Status = nameof(StepStatus.Running);
        row.Attempt++;
        row.Owner = owner.Id;
        row.Node = owner.Node;
        row.LeaseUntil = transaction.Now + Lease;
        row.StartedAt = transaction.Now;
        row.Message = row.LogFile = null;
        await transaction.StartStepAsync(run, row);
        return new(owner.Id, TimeSpan.FromMilliseconds(row.Timeout), ToContext(run, row), row.Places);
    }

    private static string TooMuch(LimitUse limit, long amount) =>
        $"The step needs {limit.Name[LimitName.ResourcePrefix.Length..]}: {amount}, but there is {limit.Capacity} in all. Lower customProperties.resources, or raise the limit.";

    private Task<bool> EndAsync(LeasedStep step, StepNews? news, Func<RunAdvance, StepRow, Task> end, CancellationToken cancellationToken) =>
        store.Database.InRunAsync(step.Context.RunId, async (transaction, run) =>
        {
            if (await OwnedAsync(transaction, step) is not { } row)
                return false;
            row.Message = news?.Message ?? row.Message;
            row.LogFile = news?.LogFile ?? row.LogFile;
            await transaction.AppendLogAsync(row, news?.Log ?? [], options.MaxLogLength);
            await end(await LoadAsync(transaction, run), row);
            return true;
        }, cancellationToken);

    private async Task<bool> ReapAsync(RunTransaction transaction, RunRow run, string stepId)
    {
        if (await transaction.StepAsync(run.Id, stepId) is not { Status: nameof(StepStatus.Running) } row || row.LeaseUntil >= transaction.Now)
            return false;
        var advance = await LoadAsync(transaction, run);
        row.LostLeases++;
        if (run.Stopping is null && row.LostLeases > options.MaxLostLeases)
            await advance.FailAsync(row,
                $"The worker died while running it, {row.LostLeases} times (the last was {row.Owner}). See the host's log for why, then retry the step.", isRetryable: false);
        else
            await advance.InterruptAsync(row, $"The worker {row.Owner} was not heard of any more.");
        return true;
    }

    private async Task<RunAdvance> LoadAsync(RunTransaction transaction, RunRow run) =>
        await RunAdvance.LoadAsync(transaction, run, await definitions.GetAsync(run.DefinitionVersionId), catalog, options);

    private static async Task<StepRow?> OwnedAsync(RunTransaction transaction, LeasedStep step) =>
        await transaction.StepAsync(step.Context.RunId, step.Context.StepId) is { Status: nameof(StepStatus.Running) } row
            && row.Owner == step.Owner && row.Attempt == step.Context.Attempt ? row : null;

    private Task PostponeAsync(QueuedStep dead, CancellationToken cancellationToken) =>
        store.Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
            $"""
            update activity_executions
            set lease_until = {Now} + {MillisecondsAfterFailure}
            where instance_id = @RunId and step_id = @StepId and status = 'Running' and lease_until < {Now}
            """, dead, transaction), cancellationToken);

    private Task<List<QueuedStep>> FindDeadAsync(CancellationToken cancellationToken) =>
        store.Database.ReadAsync(async connection => (await connection.QueryAsync<QueuedStep>(
            $"""
            select instance_id as RunId, step_id as StepId
            from activity_executions
            where owner is not null and lease_until < {Now} and status = 'Running'
            order by lease_until
            """)).ToList(), cancellationToken);

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
