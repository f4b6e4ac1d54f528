using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>A request that workflows may wait for: path, method, and who sends it.</summary>
public sealed record HttpStimulus(string Path, string Method, string Actor)
{
    /// <summary>Whether the sender is known; without, it reaches no endpoint that has <c>authorize</c>.</summary>
    public bool IsAuthenticated { get; init; }
    /// <summary>The body as JSON, or as a JSON text when it is none; null when there is none.</summary>
    public JsonNode? Content { get; init; }
    /// <summary>The query's values by name, or null.</summary>
    public JsonObject? Query { get; init; }
    /// <summary>The headers by name, or null; leave out those with secrets, since runs keep them.</summary>
    public JsonObject? Headers { get; init; }
    /// <summary>Reaches only runs with this correlation id, and is that of runs that it starts; null for all.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>The same key starts the same run of each workflow; null starts new ones.</summary>
    public string? IdempotencyKey { get; init; }
}
