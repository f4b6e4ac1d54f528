using Dapper;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    /// <summary>Runs with their steps, newest first.</summary>
    public Task<IReadOnlyList<WorkflowRun>> ListRunsAsync(RunFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new();
        return QueryRunsAsync(
            """
            where (@DefinitionId is null or definition_id = @DefinitionId)
              and (@Status is null or status = @Status)
              and (@CorrelationId is null or correlation_id = @CorrelationId)
            order by created_at desc, id desc
            limit @Take offset @Skip
            """,
            new { filter.DefinitionId, Status = filter.Status?.ToString(), filter.CorrelationId, filter.Take, filter.Skip },
            cancellationToken);
    }

    /// <summary>The run with its steps, or null when it is unknown.</summary>
    public async Task<WorkflowRun?> GetRunAsync(string runId, CancellationToken cancellationToken = default) =>
        (await QueryRunsAsync("where id = @runId", new { runId }, cancellationToken)).FirstOrDefault();

    /// <summary>Events of a run after the given sequence number, oldest first.</summary>
    public Task<IReadOnlyList<JournalEntry>> GetJournalAsync(
        string runId, long afterSequence = 0, int take = 1000, CancellationToken cancellationToken = default) =>
        Database.ReadAsync<IReadOnlyList<JournalEntry>>(async connection =>
        {
            var rows = await connection.QueryAsync<JournalRow>(
                """
                select sequence as Sequence, step_id as StepId, activity_id as ActivityId, activity_name as ActivityName,
                       activity_type as ActivityType, event_name as EventName, attempt as Attempt, message as Message, at as At
                from workflow_journal
                where instance_id = @runId and sequence > @afterSequence
                order by sequence
                limit @take
                """, new { runId, afterSequence, take });
            return [.. rows.Select(row => row.ToEntry())];
        }, cancellationToken);

    private Task<IReadOnlyList<WorkflowRun>> QueryRunsAsync(string where, object parameters, CancellationToken cancellationToken) =>
        Database.ReadAsync<IReadOnlyList<WorkflowRun>>(async connection =>
        {
            // Steps are read after their runs: a run that reads as finished has only steps that are.
            var runs = (await connection.QueryAsync<RunRow>(
                $"select {RunRow.Columns} from workflow_instances {where}", parameters)).ToList();
            var steps = (await connection.QueryAsync<StepRow>(
                $"select {StepRow.Columns} from activity_executions where instance_id {Database.Dialect.IsAnyOf("@Ids")} order by ordinal",
                new { Ids = runs.Select(run => run.Id).ToArray() })).ToLookup(step => step.InstanceId);
            return [.. runs.Select(run => run.ToRun(steps[run.Id]))];
        }, cancellationToken);
}
