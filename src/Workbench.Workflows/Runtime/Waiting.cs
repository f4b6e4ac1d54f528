using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>A suspended step within a transaction that holds its run.</summary>
internal sealed record Waiting(RunTransaction Transaction, RunRow Run, StepRow Step, BookmarkRow Bookmark, RunAdvance Advance)
{
    /// <summary>Loads the step that a bookmark belongs to, with its run locked; null when it waits no more.</summary>
    public static async Task<Waiting?> LoadAsync(WorkflowEngine engine, RunTransaction transaction, RunRow run, string bookmarkId)
    {
        if (await transaction.BookmarkAsync(bookmarkId) is not { } bookmark
            || await transaction.StepAsync(bookmark.InstanceId, bookmark.StepId) is not { Status: nameof(StepStatus.Suspended) } step)
            return null;
        return new(transaction, run, step, bookmark, await engine.LoadAsync(transaction, run));
    }

    public Task CompleteAsync(StepResult result) => Advance.CompleteAsync(Step, result);

    public Task FailAsync(string error) => Advance.FailAsync(Step, error, isRetryable: false);

    public Bookmark ToBookmark() => Bookmark.ToBookmark() with
    {
        DefinitionId = Run.DefinitionId,
        CorrelationId = Run.CorrelationId,
        ActivityId = Step.ActivityId,
        ActivityName = Step.ActivityName,
        ActivityType = Step.ActivityType,
    };
}
