namespace Workbench.Monitoring;

/// <summary>
/// Posts each alert event and each message as JSON of Alertmanager's webhook, version 4, so that what receives from Alertmanager
/// receives from here. The id, for receivers that must act once, is the annotation <c>event_id</c>.
/// </summary>
/// <param name="client">Sends the request; its timeout ends an attempt.</param>
/// <param name="url">Where to post.</param>
/// <param name="name">Name of the channel, and the receiver's name in the JSON.</param>
/// <param name="externalUrl">Address of this installation for links in the JSON, or null for none.</param>
public sealed class WebhookChannel(HttpClient client, Uri url, string name = "webhook", Uri? externalUrl = null) : IMessageChannel
{
    /// <inheritdoc/>
    public string Name => name;

    private string ExternalUrl => externalUrl?.ToString() ?? "";

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx.</exception>
    public Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default) =>
        HttpPost.SendAsync(client, url, AlertmanagerMessage.From(alert, name, ExternalUrl), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx.</exception>
    public Task SendAsync(NotificationMessage message, CancellationToken cancellationToken = default) =>
        HttpPost.SendAsync(client, url, AlertmanagerMessage.From(message, name, ExternalUrl), cancellationToken);
}
