using System.Text.Json.Nodes;
using Workbench.Host.Triggers;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>Signed messages that start runs. The signature is the sender's key: none of the host's is asked for.</summary>
internal static partial class WebhookEndpoint
{
    public static void MapWebhooks(this IEndpointRouteBuilder endpoints) => endpoints.MapPost("/api/triggers/{id}/webhook", ReceiveAsync);

    private static async Task<IResult> ReceiveAsync(string id, HttpContext context, WorkflowEngine engine, HostSettings settings, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (await engine.Store.GetTriggerAsync(id, cancellationToken) is not { IsActive: true } trigger || TriggerKinds.Of(trigger) != TriggerKinds.Webhook)
            return Answer(StatusCodes.Status404NotFound, $"There is no webhook '{id}'.");
        var options = WebhookOptions.Read(new(trigger.Config));
        IReadOnlyList<byte[]> keys;
        try
        {
            keys = WebhookSecrets.Read(options, settings.Project);
        }
        catch (Exception failure) when (ExpectedFailure.Is(failure)) // The operator's to mend, and not the sender's to know.
        {
            LogNoSecret(loggers.CreateLogger(typeof(WebhookEndpoint)), id, failure.Message);
            await engine.Store.ReportTriggerFailureAsync(id, failure.Message, cancellationToken);
            return Answer(StatusCodes.Status503ServiceUnavailable, "The host cannot check messages now; the trigger says why.");
        }
        var body = await RequestBody.ReadAsync(context, cancellationToken);
        var headers = context.Request.Headers;
        var (message, timestamp) = (headers[StandardWebhook.IdHeader].FirstOrDefault(), headers[StandardWebhook.TimestampHeader].FirstOrDefault());
        if (StandardWebhook.Check(keys, message, timestamp, headers[StandardWebhook.SignatureHeader].FirstOrDefault(), body, TimeProvider.System.GetUtcNow(), options.Tolerance) is { } problem)
            return Answer(StatusCodes.Status401Unauthorized, problem);
        var outcome = await engine.FireTriggerAsync(id, new TriggerFiring($"webhook message {message}", "webhook")
        {
            Key = message, BringsMessage = true, Payload = new JsonObject { ["id"] = message, ["timestamp"] = timestamp, ["body"] = RequestBody.Parse(body) },
        }, cancellationToken);
        return Answer(trigger, outcome);
    }

    private static IResult Answer(WorkflowTrigger trigger, TriggerOutcome outcome) => outcome.Result switch
    {
        TriggerResult.Started or TriggerResult.Skipped => Results.Json(
            new { trigger = trigger.Id, outcome = outcome.Result.ToString(), run = outcome.IsStarted ? outcome.RunId : null, outcome.Message }, statusCode: StatusCodes.Status202Accepted),
        TriggerResult.Repeated => Answer(StatusCodes.Status409Conflict, "The message was received before."),
        TriggerResult.Paused => Answer(StatusCodes.Status409Conflict, "The trigger is paused; the message was not kept. Send it again later."),
        _ => Answer(StatusCodes.Status422UnprocessableEntity, outcome.Message),
    };

    private static IResult Answer(int status, string error) => Results.Json(new { error }, statusCode: status);

    [LoggerMessage(3301, LogLevel.Error, "Webhook {Trigger} refuses every message: {Reason}")]
    private static partial void LogNoSecret(ILogger logger, string trigger, string reason);
}
