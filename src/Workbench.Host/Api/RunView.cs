using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>A run as the API and the page show it.</summary>
internal sealed record RunView(
    string Id, string DefinitionId, int Version, string Status, string SubStatus, string Reason, string Actor, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt,
    string? Error, string? TriggerId, JsonNode? Payload, IReadOnlyList<StepView> Steps)
{
    public static RunView Of(WorkflowRun run) => new(
        run.Id, run.DefinitionId, run.Version, run.Status.ToString(), run.SubStatus.ToString(), run.Reason, run.Actor, run.CreatedAt, run.FinishedAt,
        run.Fault, run.TriggerId, run.TriggerPayload, [.. run.Steps.Select(StepView.Of)]);
}

/// <summary>A step as the API and the page show it.</summary>
internal sealed record StepView(
    string Id, string Name, string Type, string State, int Attempt, string? Outcome, string? Message, JsonObject? Outputs, string? Error, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, string? Node)
{
    public static StepView Of(WorkflowStep step) => new(
        step.StepId, step.ActivityName, step.ActivityType, step.Status.ToString(), step.Attempt, step.Outcome, step.Message ?? step.Error, step.Outputs, step.Error, step.StartedAt, step.CompletedAt, step.Node);
}

/// <summary>A line of a run's journal.</summary>
internal sealed record LogLine(DateTimeOffset At, string Step, string Text);

/// <summary>A run with its journal.</summary>
internal sealed record RunDetails(RunView Run, IReadOnlyList<LogLine> Log);
