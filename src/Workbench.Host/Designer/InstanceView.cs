using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Designer;

/// <summary>Runs, their steps and their journal as Elsa's client reads them.</summary>
internal static class InstanceView
{
    private const string WorkflowNode = "Workflow1";

    public static JsonObject Summary(WorkflowRun run) => new()
    {
        ["id"] = run.Id, ["definitionId"] = run.DefinitionId, ["definitionVersionId"] = run.DefinitionVersionId, ["version"] = run.Version,
        ["status"] = run.Status.ToString(), ["subStatus"] = run.SubStatus.ToString(), ["correlationId"] = run.CorrelationId, ["name"] = run.Name ?? run.Reason,
        ["incidentCount"] = run.IncidentCount, ["createdAt"] = run.CreatedAt, ["updatedAt"] = run.UpdatedAt, ["finishedAt"] = run.FinishedAt,
    };

    public static JsonObject Full(WorkflowRun run)
    {
        var json = Summary(run);
        json["workflowState"] = State(run);
        return json;
    }

    public static JsonObject State(WorkflowRun run) => new()
    {
        ["id"] = run.Id, ["definitionId"] = run.DefinitionId, ["definitionVersion"] = run.Version, ["correlationId"] = run.CorrelationId,
        ["status"] = run.Status.ToString(), ["subStatus"] = run.SubStatus.ToString(), ["bookmarks"] = new JsonArray(), ["completionCallbacks"] = new JsonArray(),
        ["incidents"] = new JsonArray([.. run.Steps.Where(step => step.Status == StepStatus.Faulted).Select(step => (JsonNode)Incident(run, step))]),
        ["fault"] = run.Fault is { } fault ? new JsonObject { ["message"] = fault } : null,
        ["activityExecutionContexts"] = new JsonArray(), ["input"] = run.Inputs.DeepClone(), ["output"] = run.Outputs.DeepClone(),
        ["properties"] = new JsonObject { ["Reason"] = run.Reason, ["Actor"] = run.Actor },
        ["createdAt"] = run.CreatedAt, ["updatedAt"] = run.UpdatedAt, ["finishedAt"] = run.FinishedAt,
    };

    public static JsonObject Execution(WorkflowRun run, WorkflowStep step)
    {
        var json = ExecutionSummary(run, step);
        json["activityState"] = Pascal(step.Inputs);
        json["outputs"] = step.Outputs is { } outputs ? Pascal(outputs) : null;
        json["payload"] = step.Message is { } message ? new JsonObject { ["Message"] = message } : null;
        json["exception"] = step.Status == StepStatus.Faulted ? Exception(step) : null;
        json["properties"] = new JsonObject { ["Attempt"] = step.Attempt, ["LogFile"] = step.LogFile };
        json["aggregateFaultCount"] = step.Status == StepStatus.Faulted ? 1 : 0;
        return json;
    }

    public static JsonObject ExecutionSummary(WorkflowRun run, WorkflowStep step) => new()
    {
        ["id"] = $"{run.Id}:{step.StepId}", ["workflowInstanceId"] = run.Id, ["activityId"] = step.ActivityId, ["activityNodeId"] = step.NodeId,
        ["activityType"] = step.ActivityType, ["activityTypeVersion"] = 1, ["activityName"] = step.ActivityName, ["startedAt"] = step.StartedAt ?? step.CreatedAt,
        ["completedAt"] = step.CompletedAt, ["hasBookmarks"] = step.Status == StepStatus.Suspended, ["status"] = Status(step), ["metadata"] = new JsonObject(),
    };

    /// <summary>How often an activity of the run was started and completed; the viewer colours its node by it.</summary>
    public static JsonObject Statistics(string nodeId, IReadOnlyList<WorkflowStep> steps) => new()
    {
        ["activityId"] = steps[0].ActivityId, ["activityNodeId"] = nodeId, ["startedCount"] = steps.Count(step => step.StartedAt is not null),
        ["completedCount"] = steps.Count(step => step.Status == StepStatus.Completed), ["uncompletedCount"] = steps.Count(step => step.CompletedAt is null),
        ["isBlocked"] = steps[^1].Status == StepStatus.Suspended, ["isFaulted"] = steps[^1].Status == StepStatus.Faulted, ["metadata"] = new JsonObject(),
    };

    public static JsonObject Journal(WorkflowRun run, JournalEntry entry, string? nodeId) => new()
    {
        ["id"] = $"{run.Id}:{entry.Sequence}", ["activityInstanceId"] = entry.StepId is { } step ? $"{run.Id}:{step}" : run.Id, ["parentActivityInstanceId"] = null,
        ["activityId"] = entry.ActivityId ?? WorkflowNode, ["activityType"] = entry.ActivityType ?? "Elsa.Workflow", ["activityTypeVersion"] = 1,
        ["activityName"] = entry.ActivityName ?? "Run", ["nodeId"] = nodeId ?? WorkflowNode, ["timestamp"] = entry.Timestamp, ["sequence"] = entry.Sequence,
        ["eventName"] = entry.EventName, ["message"] = entry.Message, ["source"] = "Workbench", ["activityState"] = new JsonObject(),
        ["payload"] = entry.Attempt is > 1 ? new JsonObject { ["Attempt"] = entry.Attempt } : null,
    };

    public static JsonObject Variable(Variable variable, WorkflowRun run) => new() { ["id"] = variable.Id, ["name"] = variable.Name, ["value"] = run.Variables[variable.Id]?.DeepClone() };

    private static JsonObject Incident(WorkflowRun run, WorkflowStep step) => new()
    {
        ["activityId"] = step.ActivityId, ["activityNodeId"] = step.NodeId, ["activityInstanceId"] = $"{run.Id}:{step.StepId}", ["activityType"] = step.ActivityType,
        ["message"] = step.Error ?? "", ["exception"] = Exception(step), ["timestamp"] = step.CompletedAt,
    };

    private static JsonObject Exception(WorkflowStep step) => new() { ["type"] = "Step failed", ["message"] = step.Error ?? "", ["stackTrace"] = null, ["innerException"] = null };

    // Elsa's client knows no other states.
    private static string Status(WorkflowStep step) => step.Status.ToString() is "Pending" or "Running" or "Completed" or "Canceled" or "Faulted" ? step.Status.ToString() : "Running";

    private static JsonObject Pascal(JsonObject values) => new(values.Select(pair => KeyValuePair.Create(ActivityDescriptorView.Pascal(pair.Key), pair.Value?.DeepClone())));
}
