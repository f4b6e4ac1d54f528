using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>Runs that steps start. A child is inserted in the transaction of its parent's step, so that neither is without the other.</summary>
internal sealed class ChildRuns(WorkflowEngine engine)
{
    private const int DeepestNesting = 20;

    /// <summary>Starts the child of a bookmark that has none yet, or takes its result when it has ended.</summary>
    public async Task LookAfterAsync(Bookmark bookmark, CancellationToken cancellationToken)
    {
        if (bookmark.Name.Length == 0)
            await StartAsync(bookmark, cancellationToken);
        else if (await engine.Store.GetRunAsync(bookmark.Name, cancellationToken) is var child && child is not { Status: RunStatus.Running })
            await engine.OnBookmarkAsync(bookmark, waiting => CollectAsync(waiting, child), cancellationToken);
    }

    private async Task StartAsync(Bookmark bookmark, CancellationToken cancellationToken)
    {
        NewRun child;
        try
        {
            await CheckNestingAsync(bookmark.RunId, cancellationToken);
            child = await engine.PrepareAsync(DefinitionId(bookmark), Inputs(bookmark.Payload["input"]), new($"run {bookmark.RunId}", $"workflow {bookmark.DefinitionId}")
            {
                CorrelationId = WorkflowJson.Text(bookmark.Payload["correlationId"]), ParentRunId = bookmark.RunId,
                ParentBookmarkId = Waits(bookmark) ? bookmark.Id : null,
            }, cancellationToken);
        }
        catch (WorkflowException failure) // The step's own fault: no such workflow, or inputs that do not fit.
        {
            await engine.OnBookmarkAsync(bookmark, waiting => waiting.FailAsync(failure.Message), cancellationToken);
            return;
        }
        try
        {
            await engine.OnBookmarkAsync(bookmark, waiting => StartAsync(waiting, child, Waits(bookmark)), cancellationToken);
        }
        catch (DefinitionChangedException) // Nothing was done; the next sweep reads the definition again.
        {
            return;
        }
        engine.Signal.Set();
    }

    private async Task StartAsync(Waiting waiting, NewRun child, bool waits)
    {
        if (waits)
        {
            waiting.Bookmark.Name = child.Row.Id;
            waiting.Bookmark.DueAt = null; // Before the child starts: one that ends at once sets it again.
            await waiting.Transaction.SaveBookmarkAsync(waiting.Bookmark);
            await waiting.Transaction.AddEventAsync(waiting.Run, waiting.Step, nameof(StepStatus.Suspended), $"Waits for run {child.Row.Id} of '{child.Row.DefinitionId}'.");
            await waiting.Transaction.SaveRunAsync(waiting.Run);
        }
        await engine.InsertAsync(waiting.Transaction, child);
        if (!waits)
            await waiting.CompleteAsync(new() { Outputs = Outputs(null, child.Row.Id), Message = $"Started run {child.Row.Id}." });
    }

    private static Task CollectAsync(Waiting waiting, WorkflowRun? child) =>
        child is null ? waiting.FailAsync($"Run {waiting.Bookmark.Name}, which the step waits for, is not in the database any more.")
        : child.SubStatus == RunSubStatus.Finished ? waiting.CompleteAsync(new() { Outputs = Outputs(child.Outputs.DeepClone(), child.Id), Message = $"Run {child.Id} finished." })
        : waiting.FailAsync($"Run {child.Id} of '{child.DefinitionId}' ended {child.SubStatus}: {child.Fault ?? "no reason was given"}");

    private async Task CheckNestingAsync(string runId, CancellationToken cancellationToken)
    {
        var depth = 0;
        for (string? id = runId; id is not null; depth++)
            id = (await engine.Store.GetRunAsync(id, cancellationToken))?.ParentRunId;
        if (depth > DeepestNesting)
            throw new WorkflowException($"The run is started by a run that is started by a run, {depth} deep; at most {DeepestNesting} are allowed. Does a workflow start itself?");
    }

    private static bool Waits(Bookmark bookmark) => InlineActivities.IsTrue(bookmark.Payload["waitForCompletion"]);

    private static string DefinitionId(Bookmark bookmark) => WorkflowJson.Text(bookmark.Payload["workflowDefinitionId"])
        ?? throw new WorkflowException("The input 'workflowDefinitionId' is missing. Name the workflow to start.");

    private static JsonObject? Inputs(JsonNode? given) => given switch
    {
        null => null,
        JsonObject inputs => inputs,
        _ => throw new WorkflowException($"The input 'input' is {WorkflowJson.Write(given)}. Write a JSON object of the workflow's inputs by name."),
    };

    private static JsonObject Outputs(JsonNode? result, string childId) => new() { ["result"] = result, ["workflowInstanceId"] = childId };
}
