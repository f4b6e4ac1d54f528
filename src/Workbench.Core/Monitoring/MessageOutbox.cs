using Dapper;
using Workbench.Data;

namespace Workbench.Monitoring;

/// <summary>
/// Messages on their way: added by whoever has something to say, sent by <see cref="DispatchAsync"/>, each to each of its channels at
/// least once. What a channel did not take is tried again after 5 s, doubling up to 5 minutes, for ever. Adding is thread-safe.
/// </summary>
public sealed class MessageOutbox
{
    private readonly RelationalStore _store;
    private readonly IReadOnlyList<IMessageChannel> _channels;
    private readonly TimeProvider _clock;

    private MessageOutbox(RelationalStore store, IReadOnlyList<IMessageChannel> channels, TimeProvider clock) => (_store, _channels, _clock) = (store, channels, clock);

    /// <summary>Opens the outbox in the database of a folder.</summary>
    /// <param name="folder">The installation's folder.</param>
    /// <param name="channels">The channels that <see cref="DispatchAsync"/> sends over; none for whoever only adds.</param>
    /// <param name="clock">Process clock of attempts and pauses; default the system's.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static MessageOutbox Open(DataFolder folder, IReadOnlyList<IMessageChannel>? channels = null, TimeProvider? clock = null) =>
        new(AlertTables.Open(folder), channels ?? [], clock ?? TimeProvider.System);

    /// <summary>Adds a message for the named channels.</summary>
    /// <returns>False when a message with its id is there already; nothing changes then.</returns>
    /// <exception cref="ArgumentException">No channel is named.</exception>
    public Task<bool> AddAsync(NotificationMessage message, IReadOnlyCollection<string> channels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (channels.Count == 0)
            throw new ArgumentException("A message needs a channel. Name at least one.", nameof(channels));
        return _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                var isNew = await connection.ExecuteAsync(
                    """
                    insert into notification_message (message_id, subject, body, severity, source, run_id, at)
                    values (@Id, @Subject, @Text, @severity, @Source, @RunId, @at)
                    on conflict (message_id) do nothing
                    """,
                    new { message.Id, message.Subject, message.Text, severity = message.Severity.ToString(), message.Source, message.RunId, at = message.At.ToUnixTimeMilliseconds() },
                    transaction) == 1;
                foreach (var channel in isNew ? channels.Distinct() : [])
                    await connection.ExecuteAsync(
                        "insert into notification_delivery (message_id, channel, attempts) values (@Id, @channel, 0)", new { message.Id, channel }, transaction);
                return isNew;
            },
            cancellationToken);
    }

    /// <summary>The newest messages, each once a channel, newest first.</summary>
    public Task<IReadOnlyList<MessageDelivery>> ListAsync(int limit = 100, CancellationToken cancellationToken = default) =>
        ReadAsync("order by m.at desc, m.message_id, d.channel limit @limit", new { limit }, cancellationToken);

    /// <summary>Tries everything that is due once. Not from two threads at once.</summary>
    /// <returns>The attempts that were made, failed ones with their error.</returns>
    public async Task<IReadOnlyList<MessageDelivery>> DispatchAsync(CancellationToken cancellationToken = default)
    {
        var due = await ReadAsync(
            "where d.delivered_at is null and (d.retry_at is null or d.retry_at <= @now) order by m.at, m.message_id, d.channel",
            new { now = _clock.GetUtcNow().ToUnixTimeMilliseconds() }, cancellationToken);
        var attempts = new List<MessageDelivery>();
        foreach (var delivery in due)
        {
            // A channel that does not answer takes its time once, and not for each message.
            if (attempts.Exists(attempt => attempt.Channel == delivery.Channel && attempt.Error is not null))
                continue;
            attempts.Add(await AttemptAsync(delivery, cancellationToken));
            await WriteAsync(attempts[^1], cancellationToken);
        }
        return attempts;
    }

    private async Task<MessageDelivery> AttemptAsync(MessageDelivery delivery, CancellationToken cancellationToken)
    {
        string? error = null;
        try
        {
            var channel = _channels.FirstOrDefault(channel => channel.Name == delivery.Channel)
                ?? throw new DataException($"There is no channel '{delivery.Channel}'. Known: {string.Join(", ", _channels.Select(known => known.Name))}. Restart the host when {ChannelSettings.FileName} has changed.");
            await channel.SendAsync(delivery.Message, cancellationToken);
        }
        // A channel is foreign code; whatever it throws is recorded and shown. Our own cancellation passes.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            error = $"{failure.GetType().Name}: {failure.Message}";
        }
        var (now, count) = (_clock.GetUtcNow(), delivery.Attempts + 1);
        return delivery with { Attempts = count, DeliveredAt = error is null ? now : null, RetryAt = error is null ? null : now + DeliveryPause.After(count), Error = error };
    }

    private Task WriteAsync(MessageDelivery delivery, CancellationToken cancellationToken) => _store.InWriteTransactionAsync(
        (connection, transaction) => connection.ExecuteAsync(
            """
            update notification_delivery
            set attempts = @Attempts, attempted_at = @now, delivered_at = @deliveredAt, retry_at = @retryAt, error = @Error
            where message_id = @Id and channel = @Channel
            """,
            new
            {
                delivery.Message.Id, delivery.Channel, delivery.Attempts, now = _clock.GetUtcNow().ToUnixTimeMilliseconds(),
                deliveredAt = delivery.DeliveredAt?.ToUnixTimeMilliseconds(), retryAt = delivery.RetryAt?.ToUnixTimeMilliseconds(), delivery.Error,
            }, transaction),
        cancellationToken);

    private Task<IReadOnlyList<MessageDelivery>> ReadAsync(string which, object parameters, CancellationToken cancellationToken) =>
        _store.ReadAsync<IReadOnlyList<MessageDelivery>>(
            async connection =>
            [
                .. (await connection.QueryAsync<MessageTables.Row>(
                    $"select {MessageTables.Columns} from notification_message m join notification_delivery d on d.message_id = m.message_id {which}", parameters)).Select(row => row.ToDelivery()),
            ],
            cancellationToken);
}
