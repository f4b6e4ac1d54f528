using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// An event on its way: it reaches steps that had begun to wait at <see cref="At"/>, of runs with the correlation id when there
/// is one, or of one run only. With an idempotency key it starts each run once, however often it is delivered.
/// </summary>
internal sealed record PublishedEvent(string Name, JsonNode? Payload, string? CorrelationId, string Actor, DateTimeOffset At)
{
    public string? LocalRunId { get; init; }
    public string? IdempotencyKey { get; init; }
}
