using System.Net.Http.Json;
using System.Text.Json;

namespace Workbench.Monitoring;

/// <summary>
/// Posts each alert event as JSON of Alertmanager's webhook, version 4, so that what receives from Alertmanager receives from
/// here. The event's id, for receivers that must act once, is the annotation <c>event_id</c>.
/// </summary>
/// <param name="client">Sends the request; its timeout ends an attempt.</param>
/// <param name="url">Where to post.</param>
/// <param name="name">Name of the channel, and the receiver's name in the JSON.</param>
/// <param name="externalUrl">Address of this installation for links in the JSON, or null for none.</param>
public sealed class WebhookChannel(HttpClient client, Uri url, string name = "webhook", Uri? externalUrl = null) : INotificationChannel
{
    private const int LongestAnswer = 500;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx.</exception>
    public async Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default)
    {
        var message = AlertmanagerMessage.From(alert, name, externalUrl?.ToString() ?? "");
        using var answer = await client.PostAsJsonAsync(url, message, JsonSerializerOptions.Web, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return;
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        throw new HttpRequestException(
            $"The webhook '{url}' answered {(int)answer.StatusCode}: {text[..Math.Min(text.Length, LongestAnswer)]}", null, answer.StatusCode);
    }
}
