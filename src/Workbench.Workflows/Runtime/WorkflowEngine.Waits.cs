using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

public sealed partial class WorkflowEngine
{
    internal EventDelivery Delivery => field ??= new(this);
    internal ApprovalDesk Approvals => field ??= new(this);
    internal ChildRuns Children => field ??= new(this);
    internal BookmarkSweep Sweep => field ??= new(this);

    /// <summary>
    /// Lets a suspended step go on with the outcome Done and the given outputs. False when nothing waits there any more.
    /// Decisions go through <see cref="DecideAsync"/>.
    /// </summary>
    /// <exception cref="WorkflowException">The bookmark waits for a decision or another run; nothing was changed.</exception>
    public async Task<bool> ResumeAsync(string bookmarkId, JsonObject? outputs = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bookmarkId);
        if (await Store.FindBookmarkAsync(bookmarkId, cancellationToken) is not { } bookmark)
            return false;
        if (bookmark.Kind is not (BookmarkKind.Time or BookmarkKind.Event or BookmarkKind.Http))
            throw new WorkflowException($"The step '{bookmark.StepId}' of run {bookmark.RunId} waits for a {bookmark.Kind}, which cannot be resumed. Decide the approval, or cancel the run.");
        var result = new StepResult { Outputs = outputs is null ? [] : (JsonObject)outputs.DeepClone() };
        var isResumed = await OnBookmarkAsync(bookmark, waiting => waiting.CompleteAsync(result), cancellationToken);
        Signal.Set();
        return isResumed;
    }

    /// <summary>
    /// Publishes an event to the runs that wait for it and to the published workflows that it starts. With a correlation id
    /// it reaches only runs that have it, and is that of the runs it starts. With a run's id it reaches only that run.
    /// </summary>
    public Task<Delivery> PublishEventAsync(
        string name, JsonNode? payload = null, string? correlationId = null, string actor = "event", string? runId = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Delivery.PublishAsync(new(name, payload, correlationId, actor, DateTimeOffset.MaxValue) { LocalRunId = runId }, cancellationToken);
    }

    /// <summary>Brings a request to the runs that wait for its path and method and to the published workflows that it starts.</summary>
    public Task<Delivery> ReceiveRequestAsync(HttpStimulus request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Delivery.RequestAsync(request, cancellationToken);
    }

    /// <summary>
    /// Decides an approval. The first decision counts; the same again by the same person changes nothing and counts too.
    /// <paramref name="roles"/> are further names under which the actor may be an approver.
    /// </summary>
    public Task<Decision> DecideAsync(string approvalId, bool approve, string actor, string? reason,
        IReadOnlyCollection<string>? roles = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(approvalId);
        ArgumentException.ThrowIfNullOrEmpty(actor);
        return Approvals.DecideAsync(approvalId, approve, actor, reason, roles ?? [], cancellationToken);
    }

    /// <summary>Runs <paramref name="work"/> on a suspended step in a transaction that holds its run; false when it waits no more, or for something else.</summary>
    internal Task<bool> OnBookmarkAsync(Bookmark bookmark, Func<Waiting, Task> work, CancellationToken cancellationToken) =>
        InRunAsync(bookmark.RunId, async (transaction, run) =>
        {
            if (await Waiting.LoadAsync(this, transaction, run, bookmark.Id) is not { } waiting || waiting.Bookmark.Name != bookmark.Name)
                return false; // Another node was faster; it may have started the run that the step now waits for.
            await work(waiting);
            return true;
        }, cancellationToken);

    internal Task<T?> InRunAsync<T>(string runId, Func<RunTransaction, RunRow, Task<T?>> work, CancellationToken cancellationToken) =>
        Store.Database.InRunAsync(runId, work, cancellationToken);
}
