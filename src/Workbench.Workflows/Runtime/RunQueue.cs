using Dapper;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Runs beyond their workflow's <c>maxConcurrentRuns</c> wait in sub-status Pending, without steps, and begin as others end.
/// The workflow's limit is locked before any run is, so that two that look at once do not both find the last place.
/// </summary>
internal sealed class RunQueue(WorkflowEngine engine)
{
    private WorkflowDatabase Database => engine.Store.Database;

    /// <summary>Begins waiting runs for which there is room now; false when there were none.</summary>
    public async Task<bool> AdmitAsync(CancellationToken cancellationToken)
    {
        var hasBegun = false;
        foreach (var definitionId in await FindWaitingAsync(cancellationToken))
            while (await AdmitAsync(definitionId, cancellationToken))
                hasBegun = true;
        return hasBegun;
    }

    private Task<IEnumerable<string>> FindWaitingAsync(CancellationToken cancellationToken) =>
        Database.ReadAsync(connection => connection.QueryAsync<string>(
            """
            select definition_id
            from workflow_instances
            where sub_status = 'Pending' and status = 'Running'
            group by definition_id
            """), cancellationToken);

    private Task<bool> AdmitAsync(string definitionId, CancellationToken cancellationToken) =>
        Database.WriteAsync(async (connection, transaction) =>
        {
            var statements = new RunTransaction(connection, transaction, Database);
            if (!await statements.LockRoomForRunAsync(definitionId)
                || await statements.NextQueuedRunAsync(definitionId) is not { } runId
                || await statements.LockAsync(runId) is not { QueuedStart: { } start } run)
                return false;
            run.SubStatus = nameof(RunSubStatus.Executing);
            run.QueuedStart = null;
            await WorkflowEngine.BeginAsync(statements, await engine.LoadAsync(statements, run), run, QueuedStart.Read(start));
            return true;
        }, cancellationToken);
}
