using Workbench.Monitoring;

namespace Workbench.Host.Api;

/// <summary>What pipelines had to say, and whom it reached.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/messages", ListAsync);

    private static async Task<object> ListAsync(MessageOutbox outbox, CancellationToken cancellationToken, int take = 50) =>
        from delivery in await outbox.ListAsync(Math.Clamp(take, 1, 500), cancellationToken)
        group delivery by delivery.Message into message
        select new
        {
            message.Key.Id, message.Key.Subject, message.Key.Text, severity = message.Key.Severity.ToString(), message.Key.Source, message.Key.RunId, message.Key.At,
            channels = message.Select(delivery => new { name = delivery.Channel, delivery.Attempts, delivery.DeliveredAt, delivery.RetryAt, delivery.Error }),
        };
}
