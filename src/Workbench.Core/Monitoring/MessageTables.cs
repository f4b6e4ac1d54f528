using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>Rows of the tables of messages.</summary>
internal static class MessageTables
{
    public const string Columns = """
        m.message_id as Id, m.subject as Subject, m.body as Body, m.severity as Severity, m.source as Source, m.run_id as RunId, m.at as At,
        d.channel as Channel, d.attempts as Attempts, d.delivered_at as DeliveredAt, d.retry_at as RetryAt, d.error as Error
        """;

    public sealed record Row
    {
        public string Id { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Body { get; init; } = "";
        public string Severity { get; init; } = "";
        public string Source { get; init; } = "";
        public string RunId { get; init; } = "";
        public long At { get; init; }
        public string Channel { get; init; } = "";
        public long Attempts { get; init; }
        public long? DeliveredAt { get; init; }
        public long? RetryAt { get; init; }
        public string? Error { get; init; }

        public MessageDelivery ToDelivery() => new()
        {
            Message = new() { Id = Id, Subject = Subject, Text = Body, Severity = Enum.Parse<NotificationSeverity>(Severity), Source = Source, RunId = RunId, At = RegistryTime.From(At) },
            Channel = Channel,
            Attempts = (int)Attempts,
            DeliveredAt = RegistryTime.From(DeliveredAt),
            RetryAt = RegistryTime.From(RetryAt),
            Error = Error,
        };
    }
}
