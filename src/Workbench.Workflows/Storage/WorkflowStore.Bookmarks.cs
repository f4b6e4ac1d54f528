using Dapper;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    /// <summary>What suspended steps wait for, oldest first.</summary>
    public Task<IReadOnlyList<Bookmark>> ListBookmarksAsync(BookmarkFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new();
        return Database.ReadAsync<IReadOnlyList<Bookmark>>(async connection =>
        {
            var rows = await connection.QueryAsync<BookmarkRow>(
                $"""
                select {BookmarkRow.Columns}, i.definition_id as DefinitionId, i.correlation_id as CorrelationId,
                       e.activity_id as ActivityId, e.activity_name as ActivityName, e.activity_type as ActivityType
                from workflow_bookmarks b
                join workflow_instances i on i.id = b.instance_id
                join activity_executions e on e.instance_id = b.instance_id and e.step_id = b.step_id
                where e.status = 'Suspended'
                  and (cast(@RunId as text) is null or b.instance_id = @RunId)
                  and (cast(@Kind as text) is null or b.kind = @Kind)
                  and (cast(@Name as text) is null or b.name = @Name)
                  and (cast(@CorrelationId as text) is null or i.correlation_id = @CorrelationId)
                order by b.created_at, b.id
                limit @Take offset @Skip
                """,
                new { filter.RunId, Kind = filter.Kind?.ToString(), filter.Name, filter.CorrelationId, filter.Take, filter.Skip });
            return [.. rows.Select(row => row.ToBookmark())];
        }, cancellationToken);
    }

    /// <summary>The bookmark of a step that waits, or null.</summary>
    internal async Task<Bookmark?> FindBookmarkAsync(string bookmarkId, CancellationToken cancellationToken) =>
        (await Database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<BookmarkRow>(
            $"select {BookmarkRow.Columns} from workflow_bookmarks b where b.id = @bookmarkId and b.kind <> 'CancelRun'", new { bookmarkId }),
            cancellationToken))?.ToBookmark();

    /// <summary>Questions to people and what they decided, newest first.</summary>
    public Task<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalFilter? filter = null, CancellationToken cancellationToken = default)
    {
        filter ??= new();
        return Database.ReadAsync<IReadOnlyList<Approval>>(async connection =>
        {
            var rows = await connection.QueryAsync<ApprovalRow>(
                $"""
                {ApprovalRow.Query}
                where (cast(@Status as text) is null or a.status = @Status)
                  and (cast(@RunId as text) is null or a.instance_id = @RunId)
                  and (cast(@DefinitionId as text) is null or i.definition_id = @DefinitionId)
                order by a.created_at desc, a.id desc
                limit @Take offset @Skip
                """,
                new { Status = filter.Status?.ToString(), filter.RunId, filter.DefinitionId, filter.Take, filter.Skip });
            return [.. rows.Select(row => row.ToApproval())];
        }, cancellationToken);
    }

    /// <summary>The approval, or null when it is unknown.</summary>
    public async Task<Approval?> GetApprovalAsync(string approvalId, CancellationToken cancellationToken = default) =>
        (await Database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<ApprovalRow>(
            $"{ApprovalRow.Query} where a.id = @approvalId", new { approvalId }), cancellationToken))?.ToApproval();
}
