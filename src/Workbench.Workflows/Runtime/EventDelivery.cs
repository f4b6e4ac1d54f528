using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Brings events and requests to the steps that wait for them and to the triggers that they fire.</summary>
internal sealed class EventDelivery(WorkflowEngine engine)
{
    /// <summary>Reaches the runs that wait for the event now, and starts those that it triggers.</summary>
    public async Task<Delivery> PublishAsync(PublishedEvent published, CancellationToken cancellationToken)
    {
        var waiting = await engine.Store.ListBookmarksAsync(new()
        {
            Kind = BookmarkKind.Event, Name = published.Name, CorrelationId = published.CorrelationId, RunId = published.LocalRunId, Take = int.MaxValue,
        }, cancellationToken);
        var outputs = new JsonObject { ["result"] = published.Payload?.DeepClone() };
        var resumed = await ResumeAsync(waiting.Where(bookmark => bookmark.CreatedAt <= published.At).Select(bookmark => (bookmark, outputs)), cancellationToken);
        var fired = published.LocalRunId is not null ? [] : await TriggersAsync(BuiltInActivities.Event,
            trigger => WorkflowJson.Text(trigger.Config["eventName"]) == published.Name ? outputs : null, cancellationToken);
        var request = new StartRequest($"event '{published.Name}'", published.Actor) { CorrelationId = published.CorrelationId };
        return await StartAsync(resumed, fired, request, published.IdempotencyKey, cancellationToken);
    }

    /// <summary>Reaches the runs that wait for a request of the path and method, and starts those that it triggers.</summary>
    public async Task<Delivery> RequestAsync(HttpStimulus request, CancellationToken cancellationToken)
    {
        var waiting = await engine.Store.ListBookmarksAsync(
            new() { Kind = BookmarkKind.Http, CorrelationId = request.CorrelationId, Take = int.MaxValue }, cancellationToken);
        var resumed = await ResumeAsync(
            from bookmark in waiting
            let outputs = Match(bookmark.Name, bookmark.Payload["methods"], request)
            where outputs is not null
            select (bookmark, outputs), cancellationToken);
        var fired = await TriggersAsync(BuiltInActivities.HttpEndpoint,
            trigger => Match(WorkflowJson.Text(trigger.Config["path"]) ?? "", trigger.Config["supportedMethods"], request), cancellationToken);
        var start = new StartRequest($"{request.Method} {request.Path}", request.Actor) { CorrelationId = request.CorrelationId };
        return await StartAsync(resumed, fired, start, request.IdempotencyKey, cancellationToken);
    }

    private async Task<List<string>> ResumeAsync(IEnumerable<(Bookmark Bookmark, JsonObject Outputs)> waiting, CancellationToken cancellationToken)
    {
        var resumed = new List<string>();
        foreach (var (bookmark, outputs) in waiting)
            if (await engine.ResumeAsync(bookmark.Id, outputs, cancellationToken))
                resumed.Add(bookmark.RunId);
        return resumed;
    }

    private async Task<List<(WorkflowTrigger Trigger, JsonObject Outputs)>> TriggersAsync(
        string type, Func<WorkflowTrigger, JsonObject?> match, CancellationToken cancellationToken)
    {
        var triggers = await engine.Store.ListTriggersAsync([type], cancellationToken);
        return [.. from trigger in triggers
                   where trigger.Type == type && trigger.ActivityId is not null
                   let outputs = match(trigger)
                   where outputs is not null
                   select (trigger, outputs)];
    }

    private async Task<Delivery> StartAsync(List<string> resumed, List<(WorkflowTrigger Trigger, JsonObject Outputs)> fired,
        StartRequest request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var started = new List<string>();
        var problems = new List<string>();
        foreach (var (trigger, outputs) in fired)
        {
            try
            {
                started.Add(await engine.StartRunAsync(trigger.DefinitionId, null, request with
                {
                    TriggerActivityId = trigger.ActivityId, TriggerOutputs = outputs,
                    IdempotencyKey = idempotencyKey is null ? null : $"{idempotencyKey}/{trigger.ActivityId}",
                }, cancellationToken));
            }
            catch (WorkflowException failure) // One workflow that cannot start does not keep the event from the others.
            {
                problems.Add(failure.Message);
            }
        }
        return new() { ResumedRuns = resumed, StartedRuns = started, Problems = problems };
    }

    private static JsonObject? Match(string pattern, JsonNode? methods, HttpStimulus request)
    {
        var allowed = OpenOutcomes.Branches(methods);
        if (!(allowed.Count > 0 ? allowed : ["GET"]).Contains(request.Method, StringComparer.OrdinalIgnoreCase)
            || RoutePattern.Match(pattern, request.Path) is not { } route)
            return null;
        return new()
        {
            ["parsedContent"] = request.Content?.DeepClone(), ["routeData"] = route,
            ["queryStringData"] = request.Query?.DeepClone() ?? new JsonObject(), ["headers"] = request.Headers?.DeepClone() ?? new JsonObject(),
        };
    }
}
