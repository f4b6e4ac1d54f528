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
        var reached = new Reached();
        await ResumeAsync(reached, waiting.Where(bookmark => bookmark.CreatedAt <= published.At).Select(bookmark => (bookmark, outputs)), cancellationToken);
        var fired = published.LocalRunId is not null ? [] : await TriggersAsync(BuiltInActivities.Event,
            trigger => WorkflowJson.Text(trigger.Config["eventName"]) == published.Name ? outputs : null, cancellationToken);
        var firing = new TriggerFiring($"event '{published.Name}'", published.Actor)
        {
            CorrelationId = published.CorrelationId, Payload = published.Payload, Key = published.IdempotencyKey,
        };
        await StartAsync(reached, fired, firing, cancellationToken);
        return reached.ToDelivery();
    }

    /// <summary>Reaches the runs that wait for a request of the path and method, and starts those that it triggers.</summary>
    public async Task<Delivery> RequestAsync(HttpStimulus request, CancellationToken cancellationToken)
    {
        var waiting = await engine.Store.ListBookmarksAsync(
            new() { Kind = BookmarkKind.Http, CorrelationId = request.CorrelationId, Take = int.MaxValue }, cancellationToken);
        var reached = new Reached();
        await ResumeAsync(reached,
            from bookmark in waiting
            let outputs = Match(reached, bookmark.Name, bookmark.Payload["methods"], bookmark.Payload["authorize"], request)
            where outputs is not null
            select (bookmark, outputs), cancellationToken);
        var fired = await TriggersAsync(BuiltInActivities.HttpEndpoint,
            trigger => Match(reached, WorkflowJson.Text(trigger.Config["path"]) ?? "", trigger.Config["supportedMethods"], trigger.Config["authorize"], request), cancellationToken);
        var firing = new TriggerFiring($"{request.Method} {request.Path}", request.Actor) { CorrelationId = request.CorrelationId, Key = request.IdempotencyKey };
        await StartAsync(reached, fired, firing, cancellationToken);
        return reached.ToDelivery();
    }

    private async Task ResumeAsync(Reached reached, IEnumerable<(Bookmark Bookmark, JsonObject Outputs)> waiting, CancellationToken cancellationToken)
    {
        foreach (var (bookmark, outputs) in waiting)
            await reached.TryAsync(async () =>
            {
                if (await engine.ResumeAsync(bookmark.Id, outputs, cancellationToken))
                    reached.Resumed.Add(bookmark.RunId);
            });
    }

    private async Task<List<(WorkflowTrigger Trigger, JsonObject Outputs)>> TriggersAsync(
        string type, Func<WorkflowTrigger, JsonObject?> match, CancellationToken cancellationToken)
    {
        var triggers = await engine.Store.ListTriggersAsync(new() { Types = [type] }, cancellationToken);
        return [.. from trigger in triggers
                   where trigger.ActivityId is not null
                   let outputs = match(trigger)
                   where outputs is not null
                   select (trigger, outputs)];
    }

    private async Task StartAsync(Reached reached, List<(WorkflowTrigger Trigger, JsonObject Outputs)> fired, TriggerFiring firing, CancellationToken cancellationToken)
    {
        foreach (var (trigger, outputs) in fired)
            await reached.TryAsync(async () => reached.Add(await engine.FireTriggerAsync(
                trigger.Id, firing with { Outputs = outputs, Payload = firing.Payload ?? outputs }, cancellationToken)));
    }

    private static JsonObject? Match(Reached reached, string pattern, JsonNode? methods, JsonNode? authorize, HttpStimulus request)
    {
        var allowed = OpenOutcomes.Branches(methods);
        if (!(allowed.Count > 0 ? allowed : ["GET"]).Contains(request.Method, StringComparer.OrdinalIgnoreCase)
            || RoutePattern.Match(pattern, request.Path) is not { } route)
            return null;
        if (!request.IsAuthenticated && Authorizes(authorize))
        {
            reached.NeedsAuthentication = true;
            return null;
        }
        return new()
        {
            ["parsedContent"] = request.Content?.DeepClone(), ["routeData"] = route,
            ["queryStringData"] = request.Query?.DeepClone() ?? new JsonObject(), ["headers"] = request.Headers?.DeepClone() ?? new JsonObject(),
        };
    }

    /// <summary>Whatever is not plainly no counts as yes.</summary>
    private static bool Authorizes(JsonNode? value) => WorkflowJson.Write(value).Trim('"').ToLowerInvariant() is not ("null" or "false" or "");

    private sealed class Reached
    {
        private readonly List<string> _problems = [];

        public List<string> Resumed { get; } = [];
        public List<string> Started { get; } = [];
        public bool NeedsAuthentication { get; set; }

        /// <summary>The same again counts as started: whoever asks learns of the run.</summary>
        public void Add(TriggerOutcome outcome)
        {
            if (outcome is { RunId: { } runId, Result: TriggerResult.Started or TriggerResult.Repeated })
                Started.Add(runId);
            else
                _problems.Add(outcome.Message);
        }

        /// <summary>One run that cannot start or go on does not keep the event from the others.</summary>
        public async Task TryAsync(Func<Task> reach)
        {
            try
            {
                await reach();
            }
            catch (WorkflowException failure)
            {
                _problems.Add(failure.Message);
            }
        }

        public Delivery ToDelivery() => new()
        {
            ResumedRuns = Resumed, StartedRuns = Started, NeedsAuthentication = NeedsAuthentication, Problems = _problems,
        };
    }
}
