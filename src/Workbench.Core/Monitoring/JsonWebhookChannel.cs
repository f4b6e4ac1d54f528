namespace Workbench.Monitoring;

/// <summary>Posts each alert event and each message as JSON of its own properties, for receivers that are written for it.</summary>
/// <param name="client">Sends the request; its timeout ends an attempt.</param>
/// <param name="url">Where to post.</param>
/// <param name="name">Name of the channel.</param>
public sealed class JsonWebhookChannel(HttpClient client, Uri url, string name) : IMessageChannel
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx.</exception>
    public Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default) => HttpPost.SendAsync(client, url, alert, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx.</exception>
    public Task SendAsync(NotificationMessage message, CancellationToken cancellationToken = default) => HttpPost.SendAsync(client, url, message, cancellationToken);
}
