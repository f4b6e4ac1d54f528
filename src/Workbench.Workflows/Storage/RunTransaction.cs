using System.Data.Common;
using Dapper;

namespace Workbench.Workflows.Storage;

/// <summary>The statements of one transaction over one run. <see cref="LockAsync"/> comes first and orders the transactions of a run.</summary>
internal sealed partial class RunTransaction(DbConnection connection, DbTransaction transaction, WorkflowDatabase database)
{
    private const string SaveStep = """
        update activity_executions
        set status = @Status, attempt = @Attempt, failures = @Failures, lost_leases = @LostLeases, owner = @Owner,
            lease_until = @LeaseUntil, not_before = @NotBefore, outputs = @Outputs, outcome = @Outcome, message = @Message,
            error = @Error, log_file = @LogFile, started_at = @StartedAt, completed_at = @CompletedAt,
            node = @Node, is_replaced = @IsReplaced, is_stopped = @IsStopped, ended_sequence = @EndedSequence, overwritten = @Overwritten,
            overwritten_run = @OverwrittenRun
        where instance_id = @InstanceId and step_id = @StepId
        """;

    private const string AddEvent = """
        insert into workflow_journal (
            instance_id, sequence, step_id, activity_id, activity_name, activity_type, event_name, attempt, message, at)
        values (
            @EventRun, @EventSequence, @EventStep, @EventActivity, @EventActivityName, @EventActivityType, @EventName, @EventAttempt, @EventMessage, @EventAt)
        """;

    /// <summary>The moment of this transaction by the database's clock; known once the run is locked or inserted.</summary>
    public long Now { get; private set; }

    /// <summary>Locks the run's row and lets its <c>updated_at</c> grow; null when the run is unknown.</summary>
    public async Task<RunRow?> LockAsync(string runId)
    {
        var run = await connection.QuerySingleOrDefaultAsync<RunRow>(
            $"""
            update workflow_instances
            set updated_at = case when updated_at < {database.Now} then {database.Now} else updated_at + 1 end
            where id = @runId
            returning {RunRow.Columns}, {database.Now} as Now
            """, new { runId }, transaction);
        Now = run?.Now ?? 0;
        return run;
    }

    /// <summary>Inserts a run that is created now; false when the workflow has one with the same idempotency key.</summary>
    public async Task<bool> InsertRunAsync(RunRow run)
    {
        if (Now == 0)
            Now = await connection.ExecuteScalarAsync<long>($"select {database.Now}", transaction: transaction);
        run.CreatedAt = run.UpdatedAt = Now;
        return await InsertAsync(run) == 1;
    }

    private Task<int> InsertAsync(RunRow run) => connection.ExecuteAsync(
        """
        insert into workflow_instances (
            id, definition_id, definition_version_id, version, status, sub_status, stopping, reason, actor, idempotency_key,
            correlation_id, inputs, variables, tokens, fault, incident_count, journal_sequence, created_at, updated_at, finished_at,
            priority, queued_start, generation, name, outputs, parent_id, parent_bookmark_id, trigger_id, trigger_payload, dedupe_at)
        values (
            @Id, @DefinitionId, @DefinitionVersionId, @Version, @Status, @SubStatus, @Stopping, @Reason, @Actor, @IdempotencyKey,
            @CorrelationId, @Inputs, @Variables, @Tokens, @Fault, @IncidentCount, @JournalSequence, @CreatedAt, @UpdatedAt, @FinishedAt,
            @Priority, @QueuedStart, @Generation, @Name, @Outputs, @ParentId, @ParentBookmarkId, @TriggerId, @TriggerPayload, @DedupeAt)
        on conflict (definition_id, idempotency_key) do nothing
        """, run, transaction);

    /// <summary>Whether the version is published with the content that was read; nobody changes or retracts it before this transaction ends.</summary>
    public async Task<bool> LockPublishedAsync(string versionId, long revision) => await connection.ExecuteScalarAsync<long?>(
        $"select revision from workflow_definitions where id = @versionId and is_published = 1 and revision = @revision {database.Dialect.ForShare}",
        new { versionId, revision }, transaction) is not null;

    /// <summary>Whether the version is still as it was read, and never changes any more: published, or followed by another. Until this transaction ends it stays so.</summary>
    public async Task<bool> LockVersionAsync(string versionId, long revision) => await connection.ExecuteScalarAsync<long?>(
        $"select revision from workflow_definitions where id = @versionId and (is_published = 1 or is_latest = 0) and revision = @revision {database.Dialect.ForShare}",
        new { versionId, revision }, transaction) is not null;

    public Task<string?> FindRunIdAsync(string definitionId, string? idempotencyKey) => connection.ExecuteScalarAsync<string?>(
        "select id from workflow_instances where definition_id = @definitionId and idempotency_key = @idempotencyKey",
        new { definitionId, idempotencyKey }, transaction);

    public Task SaveRunAsync(RunRow run) => connection.ExecuteAsync(
        """
        update workflow_instances
        set status = @Status, sub_status = @SubStatus, stopping = @Stopping, variables = @Variables, tokens = @Tokens,
            fault = @Fault, incident_count = @IncidentCount, journal_sequence = @JournalSequence, finished_at = @FinishedAt,
            queued_start = @QueuedStart, generation = @Generation, correlation_id = @CorrelationId, name = @Name, outputs = @Outputs
        where id = @Id
        """, run, transaction);

    public Task<StepRow?> StepAsync(string runId, string stepId) => connection.QuerySingleOrDefaultAsync<StepRow>(
        $"select {StepRow.Columns} from activity_executions where instance_id = @runId and step_id = @stepId",
        new { runId, stepId }, transaction);

    public async Task<List<StepRow>> ActiveStepsAsync(string runId) => (await connection.QueryAsync<StepRow>(
        $"select {StepRow.Columns} from activity_executions where instance_id = @runId and status in ('Pending', 'Running', 'Suspended') order by ordinal",
        new { runId }, transaction)).ToList();

    /// <summary>All steps of the run in the order in which their turn came.</summary>
    public async Task<IReadOnlyList<StepRow>> StepsAsync(string runId) => (await connection.QueryAsync<StepRow>(
        $"select {StepRow.Columns} from activity_executions where instance_id = @runId order by ordinal", new { runId }, transaction)).ToList();

    /// <summary>Marks steps as history.</summary>
    public Task ReplaceStepsAsync(string runId, IReadOnlyCollection<string> stepIds) => connection.ExecuteAsync(
        $"update activity_executions set is_replaced = 1 where instance_id = @runId and step_id {database.Dialect.IsAnyOf("@Ids")}",
        new { runId, Ids = stepIds.ToArray() }, transaction);

    /// <summary>The last step of the workflow's runs that completed with this key, or null.</summary>
    public Task<StepRow?> FindCachedAsync(string definitionId, string cacheKey) => connection.QueryFirstOrDefaultAsync<StepRow>(
        $"""
        select {StepRow.Columns}
        from activity_executions
        where cache_key = @cacheKey and status = 'Completed' and outputs is not null
          and instance_id in (select id from workflow_instances where definition_id = @definitionId)
        order by completed_at desc
        limit 1
        """, new { definitionId, cacheKey }, transaction);

    /// <summary>How many steps the run has in all, and how many of this activity.</summary>
    public Task<(long All, long OfActivity)> CountStepsAsync(string runId, string activityId) => connection.QuerySingleAsync<(long, long)>(
        """
        select count(*), coalesce(sum(case when activity_id = @activityId then 1 else 0 end), 0)
        from activity_executions
        where instance_id = @runId
        """, new { runId, activityId }, transaction);

    /// <summary>Activity and outputs of the steps that are done, in the order in which they were.</summary>
    public Task<IEnumerable<(string ActivityId, string Outputs)>> StepOutputsAsync(string runId) => connection.QueryAsync<(string, string)>(
        """
        select activity_id, outputs
        from activity_executions
        where instance_id = @runId and status = 'Completed' and outputs is not null and is_replaced = 0
        order by completed_at, ordinal
        """, new { runId }, transaction);

    /// <summary>Inserts a step; when a worker may take it at once, those of all nodes hear of it once this transaction commits.</summary>
    public Task InsertStepAsync(StepRow step) => connection.ExecuteAsync(
        $"""
        insert into activity_executions (
            instance_id, step_id, activity_id, node_id, activity_name, activity_type, ordinal, status, attempt, failures,
            lost_leases, max_attempts, retry_delay, timeout, owner, lease_until, not_before, inputs, outputs, outcome, message,
            error, log_file, created_at, started_at, completed_at, priority, run_created_at, generation, is_replaced, is_stopped,
            created_sequence, ended_sequence, overwritten, overwritten_run, cache_key, cached_from, places)
        values (
            @InstanceId, @StepId, @ActivityId, @NodeId, @ActivityName, @ActivityType, @Ordinal, @Status, @Attempt, @Failures,
            @LostLeases, @MaxAttempts, @RetryDelay, @Timeout, @Owner, @LeaseUntil, @NotBefore, @Inputs, @Outputs, @Outcome, @Message,
            @Error, @LogFile, @CreatedAt, @StartedAt, @CompletedAt, @Priority, @RunCreatedAt, @Generation, @IsReplaced, @IsStopped,
            @CreatedSequence, @EndedSequence, @Overwritten, @OverwrittenRun, @CacheKey, @CachedFrom, @Places){(step.Status == nameof(StepStatus.Pending) ? database.Dialect.WakeWorkers : "")}
        """, step, transaction);

    public Task SaveStepAsync(StepRow step) => connection.ExecuteAsync(SaveStep, step, transaction);

    /// <summary>Saves a step and adds what became of it to the run's journal, in one message to the database; the caller saves the run, which holds the sequence.</summary>
    public Task SaveStepAsync(StepRow step, RunRow run, string eventName, string? message = null) =>
        connection.ExecuteAsync($"{SaveStep}; {AddEvent}", Parameters(step, NextEvent(run, step, eventName, message)), transaction);

    /// <summary>A worker has the step: saves both and the journal's entry in one message to the database.</summary>
    public Task StartStepAsync(RunRow run, StepRow step)
    {
        var parameters = Parameters(step, NextEvent(run, step, "Started", null));
        parameters.Add("RunSequence", run.JournalSequence);
        return connection.ExecuteAsync(
            $"{SaveStep}; {AddEvent}; update workflow_instances set journal_sequence = @RunSequence where id = @InstanceId", parameters, transaction);
    }

    /// <summary>Writes which version the run is pinned to, with what that version makes of its inputs.</summary>
    public Task PinRunAsync(RunRow run) => connection.ExecuteAsync(
        "update workflow_instances set definition_version_id = @DefinitionVersionId, version = @Version, inputs = @Inputs where id = @Id", run, transaction);

    /// <summary>Writes what a step that has not started is to do; it needs nothing then.</summary>
    public async Task RenewStepAsync(StepRow step)
    {
        await connection.ExecuteAsync("delete from activity_needs where instance_id = @InstanceId and step_id = @StepId", step, transaction);
        await connection.ExecuteAsync(
            """
            update activity_executions
            set node_id = @NodeId, activity_name = @ActivityName, max_attempts = @MaxAttempts, retry_delay = @RetryDelay, timeout = @Timeout,
                inputs = @Inputs, cache_key = @CacheKey, overwritten = @Overwritten, overwritten_run = @OverwrittenRun
            where instance_id = @InstanceId and step_id = @StepId
            """, step, transaction);
    }

    public Task AppendLogAsync(StepRow step, IReadOnlyList<LogChunk> chunks, long limit) =>
        LogRows.AppendAsync(connection, transaction, database, step.InstanceId, step.StepId, step.Attempt, chunks, limit);

    /// <summary>Adds an event to the run's journal; the caller saves the run, which holds the sequence.</summary>
    public Task AddEventAsync(RunRow run, StepRow? step, string eventName, string? message = null) =>
        connection.ExecuteAsync(AddEvent, Parameters(NextEvent(run, step, eventName, message)), transaction);

    private JournalRow NextEvent(RunRow run, StepRow? step, string eventName, string? message) => new()
    {
        InstanceId = run.Id, Sequence = ++run.JournalSequence, StepId = step?.StepId, ActivityId = step?.ActivityId,
        ActivityName = step?.ActivityName, ActivityType = step?.ActivityType, EventName = eventName,
        Attempt = step?.Attempt, Message = StoredText.Clean(message), At = Now,
    };

    private static DynamicParameters Parameters(StepRow step, JournalRow entry)
    {
        var parameters = Parameters(entry);
        parameters.AddDynamicParams(step);
        return parameters;
    }

    // The names of a journal entry begin with Event, for a step has some of them too.
    private static DynamicParameters Parameters(JournalRow entry)
    {
        var parameters = new DynamicParameters();
        parameters.Add("EventRun", entry.InstanceId);
        parameters.Add("EventSequence", entry.Sequence);
        parameters.Add("EventStep", entry.StepId, System.Data.DbType.String);
        parameters.Add("EventActivity", entry.ActivityId, System.Data.DbType.String);
        parameters.Add("EventActivityName", entry.ActivityName, System.Data.DbType.String);
        parameters.Add("EventActivityType", entry.ActivityType, System.Data.DbType.String);
        parameters.Add("EventName", entry.EventName);
        parameters.Add("EventAttempt", entry.Attempt, System.Data.DbType.Int32);
        parameters.Add("EventMessage", entry.Message, System.Data.DbType.String);
        parameters.Add("EventAt", entry.At);
        return parameters;
    }
}
