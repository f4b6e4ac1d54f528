using System.Data.Common;
using Dapper;
using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>
/// Sends firing and resolved events from the database to the channels: each event to each channel at least once, events of
/// one rule in their order. A failure is recorded and tried again after 5 s, doubling up to 5 minutes. Call
/// <see cref="DispatchAsync"/> regularly; not from two threads at once.
/// </summary>
public sealed class AlertDispatcher
{
    private const string DeliveryColumns = """
        event_id as EventId, channel as Channel, attempts as Attempts, attempted_at as AttemptedAt, delivered_at as DeliveredAt,
        retry_at as RetryAt, error as Error
        """;

    private readonly RelationalStore _store;
    private readonly IReadOnlyList<INotificationChannel> _channels;
    private readonly TimeProvider _clock;

    private AlertDispatcher(RelationalStore store, IReadOnlyList<INotificationChannel> channels, TimeProvider clock) =>
        (_store, _channels, _clock) = (store, channels, clock);

    /// <summary>Opens the dispatcher on the database of a folder.</summary>
    /// <param name="folder">The installation's folder.</param>
    /// <param name="channels">Where every event goes; with none, events wait for the first channel.</param>
    /// <param name="clock">Process clock of attempts and delays; default the system's.</param>
    /// <exception cref="ArgumentException">Two channels share a name.</exception>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static AlertDispatcher Open(DataFolder folder, IReadOnlyList<INotificationChannel> channels, TimeProvider? clock = null)
    {
        var shared = channels.GroupBy(channel => channel.Name).FirstOrDefault(group => group.Count() > 1);
        if (shared is not null)
            throw new ArgumentException($"{shared.Count()} channels are named '{shared.Key}'. Give each its own name.", nameof(channels));
        return new AlertDispatcher(AlertTables.Open(folder), channels, clock ?? TimeProvider.System);
    }

    /// <summary>Tries everything that is due once.</summary>
    /// <returns>The attempts that were made, failed ones with their error.</returns>
    public async Task<IReadOnlyList<AlertDelivery>> DispatchAsync(CancellationToken cancellationToken = default)
    {
        if (_channels.Count == 0)
            return [];
        var attempts = new List<AlertDelivery>();
        var waiting = await _store.ReadAsync(ReadWaitingAsync, cancellationToken);
        var earlier = await _store.ReadAsync(ReadDeliveriesAsync, cancellationToken);
        var held = new HashSet<(string Channel, string Rule)>();
        foreach (var alert in waiting)
        {
            foreach (var channel in _channels)
            {
                var last = earlier.GetValueOrDefault((alert.Id, channel.Name));
                if (last?.DeliveredAt is not null)
                    continue;
                if (held.Contains((channel.Name, alert.Rule)) || last?.RetryAt > _clock.GetUtcNow())
                {
                    held.Add((channel.Name, alert.Rule));
                    continue;
                }
                var attempt = await AttemptAsync(alert, channel, last, cancellationToken);
                await _store.InWriteTransactionAsync((connection, transaction) => WriteAsync(connection, transaction, attempt), cancellationToken);
                attempts.Add(attempt);
                if (attempt.DeliveredAt is null)
                    held.Add((channel.Name, alert.Rule));
            }
        }
        await _store.InWriteTransactionAsync(MarkDispatchedAsync, cancellationToken);
        return attempts;
    }

    /// <summary>Failed deliveries that wait for another attempt.</summary>
    public Task<IReadOnlyList<AlertDelivery>> UndeliveredAsync(CancellationToken cancellationToken = default) =>
        _store.ReadAsync<IReadOnlyList<AlertDelivery>>(
            async connection => [.. (await ReadDeliveriesAsync(connection)).Values.Where(delivery => delivery.DeliveredAt is null)], cancellationToken);

    private async Task<AlertDelivery> AttemptAsync(
        AlertEvent alert, INotificationChannel channel, AlertDelivery? last, CancellationToken cancellationToken)
    {
        var attempts = (last?.Attempts ?? 0) + 1;
        string? error = null;
        try
        {
            await channel.SendAsync(alert, cancellationToken);
        }
        // A channel is foreign code; whatever it throws is recorded and shown. Our own cancellation passes.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            error = $"{failure.GetType().Name}: {failure.Message}";
        }
        var now = _clock.GetUtcNow();
        return new AlertDelivery
        {
            EventId = alert.Id,
            Channel = channel.Name,
            Attempts = attempts,
            AttemptedAt = now,
            DeliveredAt = error is null ? now : null,
            RetryAt = error is null ? null : now + DeliveryPause.After(attempts),
            Error = error,
        };
    }

    private static async Task<IReadOnlyList<AlertEvent>> ReadWaitingAsync(DbConnection connection) =>
        [.. (await connection.QueryAsync<AlertTables.EventRow>(
            $"select {AlertTables.EventColumns} from alert_event e where e.dispatched = 0 order by e.sequence")).Select(row => row.ToEvent())];

    private static async Task<Dictionary<(string EventId, string Channel), AlertDelivery>> ReadDeliveriesAsync(DbConnection connection)
    {
        var rows = await connection.QueryAsync<DeliveryRow>(
            $"select {DeliveryColumns} from alert_delivery where event_id in (select event_id from alert_event where dispatched = 0) order by attempted_at");
        return rows.Select(row => row.ToDelivery()).ToDictionary(delivery => (delivery.EventId, delivery.Channel));
    }

    private static Task WriteAsync(DbConnection connection, DbTransaction transaction, AlertDelivery delivery) =>
        connection.ExecuteAsync(
            """
            insert into alert_delivery (event_id, channel, attempts, attempted_at, delivered_at, retry_at, error)
            values (@EventId, @Channel, @Attempts, @attemptedAt, @deliveredAt, @retryAt, @Error)
            on conflict (event_id, channel) do update set
                attempts = excluded.attempts, attempted_at = excluded.attempted_at, delivered_at = excluded.delivered_at,
                retry_at = excluded.retry_at, error = excluded.error
            """,
            new
            {
                delivery.EventId,
                delivery.Channel,
                delivery.Attempts,
                attemptedAt = delivery.AttemptedAt.ToUnixTimeMilliseconds(),
                deliveredAt = delivery.DeliveredAt?.ToUnixTimeMilliseconds(),
                retryAt = delivery.RetryAt?.ToUnixTimeMilliseconds(),
                delivery.Error,
            },
            transaction);

    private async Task MarkDispatchedAsync(DbConnection connection, DbTransaction transaction)
    {
        // One condition a channel: the databases differ in how they take a list.
        var isDelivered = string.Join(" and ", Enumerable.Range(0, _channels.Count).Select(index =>
            $"exists (select 1 from alert_delivery d where d.event_id = alert_event.event_id and d.delivered_at is not null and d.channel = @channel{index})"));
        var names = new DynamicParameters();
        for (var index = 0; index < _channels.Count; index++)
            names.Add($"channel{index}", _channels[index].Name);
        await connection.ExecuteAsync($"update alert_event set dispatched = 1 where dispatched = 0 and {isDelivered}", names, transaction);
    }

    private sealed record DeliveryRow
    {
        public string EventId { get; init; } = "";
        public string Channel { get; init; } = "";
        public long Attempts { get; init; }
        public long AttemptedAt { get; init; }
        public long? DeliveredAt { get; init; }
        public long? RetryAt { get; init; }
        public string? Error { get; init; }

        public AlertDelivery ToDelivery() => new()
        {
            EventId = EventId,
            Channel = Channel,
            Attempts = (int)Attempts,
            AttemptedAt = RegistryTime.From(AttemptedAt),
            DeliveredAt = RegistryTime.From(DeliveredAt),
            RetryAt = RegistryTime.From(RetryAt),
            Error = Error,
        };
    }
}
