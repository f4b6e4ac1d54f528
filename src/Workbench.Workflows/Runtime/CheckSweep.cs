using System.Text.Json.Nodes;
using Dapper;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Looks for the steps that wait for something that only the host can see. Any number of workers may: each look is taken by one
/// of them, and taken again by another when that one dies.
/// </summary>
internal sealed class CheckSweep(WorkflowEngine engine, IWaitCheck check)
{
    private const int Batch = 100;
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(0.1);

    private WorkflowDatabase Database => engine.Store.Database;

    /// <summary>Takes every look that is due now, one after the other.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var due in await FindDueAsync(cancellationToken))
            if (await TakeAsync(due, cancellationToken) is { } now)
                await LookAsync(due.ToBookmark(), now, cancellationToken);
    }

    private async Task LookAsync(Bookmark bookmark, long now, CancellationToken cancellationToken)
    {
        WaitLook look;
        try
        {
            look = await AskAsync(bookmark, now, cancellationToken);
        }
        catch (WorkflowException failure) // The step's own fault: inputs that cannot be.
        {
            await engine.OnBookmarkAsync(bookmark, waiting => waiting.FailAsync(failure.Message), cancellationToken);
            return;
        }
        if (!look.IsThere && !IsPast(bookmark, now) && IsAsBefore(bookmark, look))
            await PostponeAsync(bookmark, Next(bookmark, look, now), cancellationToken);
        else
            await engine.OnBookmarkAsync(bookmark, waiting => ApplyAsync(waiting, look), cancellationToken);
        engine.Signal.Set();
    }

    private async Task<WaitLook> AskAsync(Bookmark bookmark, long now, CancellationToken cancellationToken)
    {
        var state = bookmark.Payload["state"] as JsonObject ?? [];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLook);
        try
        {
            var question = new WaitQuestion
            {
                ActivityType = bookmark.ActivityType, Inputs = Inputs(bookmark), State = (JsonObject)state.DeepClone(), Now = Clock.ToTime(now),
            };
            // A file system that does not answer hears of no cancellation.
            return await Task.Run(() => check.LookAsync(question, limit.Token), limit.Token).WaitAsync(LongestLook, cancellationToken);
        }
        catch (Exception failure) when (failure is not WorkflowException && !cancellationToken.IsCancellationRequested) // The edge to the host: it looks again.
        {
            return new() { IsThere = false, State = (JsonObject)state.DeepClone(), Message = $"The last look failed: {failure.Message}" };
        }
    }

    private static async Task ApplyAsync(Waiting waiting, WaitLook look)
    {
        var (now, bookmark) = (waiting.Transaction.Now, waiting.Bookmark.ToBookmark());
        if (look.IsThere || IsPast(bookmark, now))
        {
            await waiting.CompleteAsync(new()
            {
                Outcome = look.IsThere ? PolledActivity.Found : PolledActivity.TimedOut, Outputs = look.Outputs, Message = look.Message ?? waiting.Step.Message,
            });
            return;
        }
        bookmark.Payload["state"] = look.State.DeepClone();
        bookmark.Payload["message"] = look.Message;
        waiting.Bookmark.Payload = WorkflowJson.Write(bookmark.Payload);
        waiting.Bookmark.DueAt = Next(bookmark, look, now);
        waiting.Step.Message = look.Message ?? waiting.Step.Message;
        await waiting.Transaction.SaveBookmarkAsync(waiting.Bookmark);
        await waiting.Transaction.SaveStepAsync(waiting.Step);
    }

    /// <summary>Whether the look has nothing to tell: then only the moment of the next one is written, and the run is left alone.</summary>
    private static bool IsAsBefore(Bookmark bookmark, WaitLook look) =>
        JsonNode.DeepEquals(bookmark.Payload["state"], look.State) && WorkflowJson.Text(bookmark.Payload["message"]) == look.Message;

    private static bool IsPast(Bookmark bookmark, long now) => Deadline(bookmark) <= now;

    private static long? Deadline(Bookmark bookmark) => bookmark.Payload["deadline"]?.GetValue<long>();

    /// <summary>When to look again: at the deadline at the latest.</summary>
    private static long Next(Bookmark bookmark, WaitLook look, long now)
    {
        var next = now + (long)(look.Again > ShortestPause ? look.Again : ShortestPause).TotalMilliseconds;
        return Deadline(bookmark) is { } deadline && deadline < next ? deadline : next;
    }

    private Task PostponeAsync(Bookmark bookmark, long until, CancellationToken cancellationToken) =>
        Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
            "update workflow_bookmarks set due_at = @until where id = @Id", new { bookmark.Id, until }, transaction), cancellationToken);

    private static JsonObject Inputs(Bookmark bookmark) => (JsonObject)(bookmark.Payload["inputs"] as JsonObject ?? []).DeepClone();

    /// <summary>The moment, when this worker may look; null when another was faster. Should it die, the look is due again after a while.</summary>
    private Task<long?> TakeAsync(BookmarkRow due, CancellationToken cancellationToken) =>
        Database.WriteAsync((connection, transaction) => connection.ExecuteScalarAsync<long?>(
            $"""
            update workflow_bookmarks
            set due_at = {Database.Now} + {(long)LongestLook.TotalMilliseconds}
            where id = @Id and due_at = @DueAt
            returning {Database.Now}
            """, due, transaction), cancellationToken);

    private Task<IReadOnlyList<BookmarkRow>> FindDueAsync(CancellationToken cancellationToken) =>
        Database.ReadAsync<IReadOnlyList<BookmarkRow>>(async connection =>
        [
            .. await connection.QueryAsync<BookmarkRow>(
                $"""
                select {BookmarkRow.Columns}, i.definition_id as DefinitionId, e.activity_id as ActivityId, e.activity_name as ActivityName,
                       e.activity_type as ActivityType
                from workflow_bookmarks b
                join workflow_instances i on i.id = b.instance_id
                join activity_executions e on e.instance_id = b.instance_id and e.step_id = b.step_id
                where b.kind = 'Check' and b.due_at <= {Database.Now}
                order by b.due_at, b.id
                limit {Batch}
                """),
        ], cancellationToken);
}
