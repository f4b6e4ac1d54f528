using Dapper;

namespace Workbench.Workflows.Storage;

internal sealed partial class RunTransaction
{
    public Task<BookmarkRow?> BookmarkAsync(string bookmarkId) => connection.QuerySingleOrDefaultAsync<BookmarkRow>(
        $"select {BookmarkRow.Columns} from workflow_bookmarks b where b.id = @bookmarkId", new { bookmarkId }, transaction);

    public Task InsertBookmarkAsync(BookmarkRow bookmark) => connection.ExecuteAsync(
        """
        insert into workflow_bookmarks (id, instance_id, step_id, kind, name, due_at, payload, created_at)
        values (@Id, @InstanceId, @StepId, @Kind, @Name, @DueAt, @Payload, @CreatedAt)
        """, bookmark, transaction);

    public Task SaveBookmarkAsync(BookmarkRow bookmark) => connection.ExecuteAsync(
        "update workflow_bookmarks set name = @Name, due_at = @DueAt, payload = @Payload where id = @Id", bookmark, transaction);

    public Task DeleteBookmarkAsync(string bookmarkId) => connection.ExecuteAsync(
        "delete from workflow_bookmarks where id = @bookmarkId", new { bookmarkId }, transaction);

    /// <summary>The step waits no more. A run that it has started and waited for is left to a worker to cancel.</summary>
    public async Task ReleaseBookmarksAsync(StepRow step, bool cancelsChildren)
    {
        if (cancelsChildren)
            await connection.ExecuteAsync(
                """
                update workflow_bookmarks
                set kind = 'CancelRun', due_at = @Now
                where instance_id = @InstanceId and step_id = @StepId and kind = 'Workflow' and name <> ''
                """, new { step.InstanceId, step.StepId, Now }, transaction);
        await connection.ExecuteAsync(
            "delete from workflow_bookmarks where instance_id = @InstanceId and step_id = @StepId and kind <> 'CancelRun'", step, transaction);
        await connection.ExecuteAsync(
            """
            update workflow_approvals
            set status = 'Canceled', decided_at = @Now
            where instance_id = @InstanceId and step_id = @StepId and status = 'Waiting'
            """, new { step.InstanceId, step.StepId, Now }, transaction);
    }

    /// <summary>A worker is to look after the bookmark now.</summary>
    public Task WakeBookmarkAsync(string bookmarkId) => connection.ExecuteAsync(
        "update workflow_bookmarks set due_at = @Now where id = @bookmarkId", new { bookmarkId, Now }, transaction);

    public Task<ApprovalRow?> ApprovalAsync(string approvalId) => connection.QuerySingleOrDefaultAsync<ApprovalRow>(
        $"{ApprovalRow.Query} where a.id = @approvalId", new { approvalId }, transaction);

    public Task InsertApprovalAsync(ApprovalRow approval) => connection.ExecuteAsync(
        """
        insert into workflow_approvals (
            id, instance_id, step_id, title, details, approvers, escalate_to, status, deadline, escalated_at, decided_by, reason,
            decided_at, created_at)
        values (
            @Id, @InstanceId, @StepId, @Title, @Details, @Approvers, @EscalateTo, @Status, @Deadline, @EscalatedAt, @DecidedBy, @Reason,
            @DecidedAt, @CreatedAt)
        """, approval, transaction);

    public Task SaveApprovalAsync(ApprovalRow approval) => connection.ExecuteAsync(
        """
        update workflow_approvals
        set approvers = @Approvers, status = @Status, deadline = @Deadline, escalated_at = @EscalatedAt, decided_by = @DecidedBy,
            reason = @Reason, decided_at = @DecidedAt
        where id = @Id
        """, approval, transaction);
}
