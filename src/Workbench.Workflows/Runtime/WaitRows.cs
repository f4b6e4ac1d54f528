using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Writes down what a step waits for.</summary>
internal static class WaitRows
{
    public static async Task InsertAsync(RunTransaction transaction, StepRow step, Wait wait)
    {
        var bookmark = new BookmarkRow
        {
            Id = Guid.NewGuid().ToString("N"),
            InstanceId = step.InstanceId,
            StepId = step.StepId,
            Kind = wait.Kind.ToString(),
            Name = wait.Name,
            DueAt = wait.DueAt,
            Payload = WorkflowJson.Write(wait.Payload ?? []),
            CreatedAt = transaction.Now,
        };
        await transaction.InsertBookmarkAsync(bookmark);
        if (wait.Kind == BookmarkKind.Approval)
            await transaction.InsertApprovalAsync(Approval(bookmark, wait.Payload ?? []));
    }

    public static string Describe(Wait wait) => wait switch
    {
        { Kind: BookmarkKind.Time, DueAt: { } due } => $"Waits until {Clock.ToTime(due):yyyy-MM-dd HH:mm:ss}Z.",
        { Kind: BookmarkKind.Event } => $"Waits for the event '{wait.Name}'.",
        { Kind: BookmarkKind.Http } => $"Waits for a request to '{wait.Name}'.",
        { Kind: BookmarkKind.Publish } => $"Publishes the event '{wait.Name}'.",
        { Kind: BookmarkKind.Workflow } => "Starts a run of another workflow.",
        { Kind: BookmarkKind.Check } => "Waits, and looks now and then.",
        { DueAt: { } due } => $"Waits for a decision until {Clock.ToTime(due):yyyy-MM-dd HH:mm:ss}Z.",
        _ => "Waits for a decision.",
    };

    private static ApprovalRow Approval(BookmarkRow bookmark, JsonObject inputs) => new()
    {
        Id = bookmark.Id,
        InstanceId = bookmark.InstanceId,
        StepId = bookmark.StepId,
        Title = WorkflowJson.Text(inputs["title"]) ?? "Approve?",
        Details = bookmark.Payload,
        Approvers = Names(inputs["approvers"], "approvers"),
        EscalateTo = Names(inputs["escalateTo"], "escalateTo"),
        Deadline = bookmark.DueAt,
        CreatedAt = bookmark.CreatedAt,
    };

    /// <summary>A JSON list of names; a text is such a list, or names separated by commas. An empty list lets anyone decide, so nothing else makes one.</summary>
    private static string Names(JsonNode? value, string input)
    {
        var text = WorkflowJson.Text(value)?.Trim();
        IReadOnlyList<string> names = text is null or ['[', ..] ? OpenOutcomes.Branches(value)
            : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Count == 0 && value is not (null or JsonArray { Count: 0 }) && text is not ("" or "[]"))
            throw new WorkflowException($"The input '{input}' is {WorkflowJson.Write(value)}. Write a list of names such as [\"ada\",\"ml-leads\"].");
        return WorkflowJson.Write(new JsonArray([.. names.Select(name => (JsonNode)name)]));
    }
}
