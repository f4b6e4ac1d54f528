using System.Text.Json.Nodes;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Designer;

/// <summary>Events from outside, as Elsa's client sends them: they start published workflows and let waiting runs go on.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api) => api.MapPost("/events/{name}/trigger", PublishAsync);

    // Elsa's request: correlationId, workflowInstanceId and input, all of them optional.
    private static async Task<IResult> PublishAsync(string name, HttpRequest request, WorkflowEngine engine, CancellationToken cancellationToken)
    {
        var body = await DesignerRequest.BodyAsync(request, cancellationToken);
        var delivery = await engine.PublishEventAsync(
            name, body["input"]?.DeepClone(), DesignerJson.Text(body["correlationId"]), "api", DesignerJson.Text(body["workflowInstanceId"]), cancellationToken);
        return DesignerEndpoints.Json(new JsonObject
        {
            ["started"] = List(delivery.StartedRuns), ["resumed"] = List(delivery.ResumedRuns), ["problems"] = List(delivery.Problems),
        });
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
