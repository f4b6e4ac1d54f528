using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using Workbench.Host.Triggers;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Api;

/// <summary>
/// Requests that Elsa's HttpEndpoint activities wait for, below Elsa's own base path. They start runs and let waiting ones go on;
/// the answer does not wait for those. Endpoints with <c>authorize</c> take the host's key, the others are open to everyone.
/// </summary>
internal static class FlowRequestEndpoints
{
    private static readonly IReadOnlyList<string> SecretHeaders = ["Authorization", "Proxy-Authorization", "Cookie", ApiKeyGate.Header];
    private const string KeyQuery = "key";

    public static void MapFlowRequests(this IEndpointRouteBuilder endpoints) => endpoints.Map(TriggerText.HttpPath + "/{**path}", ReceiveAsync);

    private static async Task<IResult> ReceiveAsync(HttpContext context, WorkflowEngine engine, CancellationToken cancellationToken, string path = "")
    {
        var request = context.Request;
        var isKnown = ApiKeyGate.IsKnown(context) && !ApiKeyGate.IsFromOtherSite(context);
        var delivery = await engine.ReceiveRequestAsync(new(path, request.Method, isKnown ? "api" : "http")
        {
            IsAuthenticated = isKnown, Content = RequestBody.Parse(await RequestBody.ReadAsync(context, cancellationToken)),
            Query = Values(request.Query.Where(pair => pair.Key != KeyQuery)),
            Headers = Values(request.Headers.Where(pair => !SecretHeaders.Contains(pair.Key, StringComparer.OrdinalIgnoreCase))),
            CorrelationId = Text(request.Headers["x-correlation-id"]) ?? Text(request.Query["correlationId"]), IdempotencyKey = Text(request.Headers["Idempotency-Key"]),
        }, cancellationToken);
        if (delivery.StartedRuns.Count + delivery.ResumedRuns.Count > 0)
            return Results.Json(new { started = delivery.StartedRuns, resumed = delivery.ResumedRuns, problems = delivery.Problems }, statusCode: StatusCodes.Status202Accepted);
        if (delivery.NeedsAuthentication)
            return Results.Json(new { error = $"An API key is needed: send it as the header {ApiKeyGate.Header}." }, statusCode: StatusCodes.Status401Unauthorized);
        return delivery.Problems.Count > 0
            ? Results.Json(new { error = string.Join(' ', delivery.Problems) }, statusCode: StatusCodes.Status409Conflict)
            : Results.Json(new { error = $"No published workflow and no run waits for {request.Method} {TriggerText.HttpPath}/{path}." }, statusCode: StatusCodes.Status404NotFound);
    }

    private static JsonObject Values(IEnumerable<KeyValuePair<string, StringValues>> pairs) => new(pairs.Select(pair => KeyValuePair.Create(
        pair.Key, pair.Value.Count == 1 ? (JsonNode?)JsonValue.Create(pair.Value[0]) : new JsonArray([.. pair.Value.Select(value => JsonValue.Create(value))]))));

    private static string? Text(StringValues values) => values.FirstOrDefault(value => !string.IsNullOrEmpty(value));
}
