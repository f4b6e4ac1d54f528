using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Protocol;

/// <summary>The Open Inference Protocol v2 over REST, JSON tensors: https://github.com/kserve/open-inference-protocol.</summary>
public static class OpenInferenceEndpoints
{
    /// <summary>
    /// Maps <c>/v2</c>: server and model metadata, health, and <c>POST /v2/models/{model}[/versions/{version}]/infer</c>.
    /// Errors are <c>{"error": "..."}</c> with status 400 (the request), 404 (model or version), 413 (body) or 500.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="models">What is in service; may change at any time.</param>
    /// <param name="sink">Records every answered request, or null.</param>
    /// <param name="options">Limits, or null for the defaults.</param>
    /// <returns>The group of endpoints, for authorisation and the like.</returns>
    public static RouteGroupBuilder MapOpenInference(
        this IEndpointRouteBuilder endpoints, ServedModels models, IPredictionSink? sink = null, OpenInferenceOptions? options = null)
    {
        var handler = new OpenInferenceHandler(models, sink, (options ?? new()).EnsureValid());
        var group = endpoints.MapGroup("/v2");
        group.MapGet("", () => handler.Server());
        group.MapGet("/health/live", () => Results.Json(new { live = true }));
        group.MapGet("/health/ready", () => Results.Json(new { ready = true }));   // whatever is in service was warmed before
        foreach (string model in new[] { "/models/{model}", "/models/{model}/versions/{version}" })
        {
            group.MapGet(model, (string model, string? version) => handler.Model(model, version));
            group.MapGet($"{model}/ready", (string model, string? version) => handler.Ready(model, version));
            group.MapPost($"{model}/infer", (HttpContext context, string model, string? version) => handler.InferAsync(context, model, version));
        }
        return group;
    }
}
