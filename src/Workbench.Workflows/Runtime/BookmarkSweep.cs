using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Dapper;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Looks after bookmarks whose time has come. Any number of workers may sweep at once: the one that locks the run first acts.</summary>
internal sealed class BookmarkSweep(WorkflowEngine engine)
{
    private const int Batch = 100;
    private const int MillisecondsAfterFailure = 60_000;

    /// <summary>Goes on until nothing is due. What went wrong last is thrown when all are done; a bookmark that failed is not due again for a minute.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        Exception? last = null;
        var seen = new HashSet<(string, string, DateTimeOffset?)>();
        while (await FindDueAsync(cancellationToken) is var due && due.Where(bookmark => seen.Add((bookmark.Id, bookmark.Name, bookmark.DueAt))).ToList() is { Count: > 0 } unseen)
            foreach (var bookmark in unseen)
                last = await LookAfterSafelyAsync(bookmark, cancellationToken) ?? last;
        if (last is not null)
            ExceptionDispatchInfo.Throw(last);
    }

    private async Task<Exception?> LookAfterSafelyAsync(Bookmark bookmark, CancellationToken cancellationToken)
    {
        try
        {
            await LookAfterAsync(bookmark, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or DbException)) // The edge of a wait: one that fails does not hold up the others.
        {
            await PostponeAsync(bookmark, cancellationToken);
            return failure;
        }
    }

    private Task LookAfterAsync(Bookmark bookmark, CancellationToken cancellationToken) => bookmark.Kind switch
    {
        BookmarkKind.Approval => engine.Approvals.PassDeadlineAsync(bookmark, cancellationToken),
        BookmarkKind.Workflow => engine.Children.LookAfterAsync(bookmark, cancellationToken),
        BookmarkKind.Publish => PublishAsync(bookmark, cancellationToken),
        BookmarkKind.CancelRun => CancelChildAsync(bookmark, cancellationToken),
        _ => engine.OnBookmarkAsync(bookmark, waiting => waiting.CompleteAsync(new()), cancellationToken),
    };

    /// <summary>First the event, then the step's end: after a crash between them the event comes again, and starts nothing twice.</summary>
    private async Task PublishAsync(Bookmark bookmark, CancellationToken cancellationToken)
    {
        var isLocal = InlineActivities.IsTrue(bookmark.Payload["isLocalEvent"]);
        var delivery = await engine.Delivery.PublishAsync(
            new(bookmark.Name, bookmark.Payload["payload"], NullIfEmpty(bookmark.Payload["correlationId"]), $"workflow {bookmark.DefinitionId}", bookmark.CreatedAt)
            {
                LocalRunId = isLocal ? bookmark.RunId : null, IdempotencyKey = $"event/{bookmark.RunId}/{bookmark.StepId}",
            }, cancellationToken);
        var message = $"Resumed {delivery.ResumedRuns.Count} and started {delivery.StartedRuns.Count} runs. {string.Join(' ', delivery.Problems)}".TrimEnd();
        await engine.OnBookmarkAsync(bookmark, waiting => waiting.CompleteAsync(new() { Message = message }), cancellationToken);
    }

    private async Task CancelChildAsync(Bookmark bookmark, CancellationToken cancellationToken)
    {
        await engine.CancelRunAsync(bookmark.Name, $"run {bookmark.RunId} no longer waits for it", $"workflow {bookmark.DefinitionId}", cancellationToken);
        await engine.Store.Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
            "delete from workflow_bookmarks where id = @Id", new { bookmark.Id }, transaction), cancellationToken);
    }

    private Task PostponeAsync(Bookmark bookmark, CancellationToken cancellationToken) =>
        engine.Store.Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
            $"update workflow_bookmarks set due_at = {engine.Store.Database.Now} + {MillisecondsAfterFailure} where id = @Id",
            new { bookmark.Id }, transaction), cancellationToken);

    private Task<IReadOnlyList<Bookmark>> FindDueAsync(CancellationToken cancellationToken) =>
        engine.Store.Database.ReadAsync<IReadOnlyList<Bookmark>>(async connection =>
        {
            var rows = await connection.QueryAsync<BookmarkRow>(
                $"""
                select {BookmarkRow.Columns}, i.definition_id as DefinitionId
                from workflow_bookmarks b
                join workflow_instances i on i.id = b.instance_id
                where b.due_at <= {engine.Store.Database.Now} and b.kind <> 'Check'
                order by b.due_at, b.id
                limit {Batch}
                """);
            return [.. rows.Select(row => row.ToBookmark())];
        }, cancellationToken);

    private static string? NullIfEmpty(JsonNode? value) => WorkflowJson.Text(value) is { Length: > 0 } text ? text : null;
}
