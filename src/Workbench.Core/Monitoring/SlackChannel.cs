namespace Workbench.Monitoring;

/// <summary>
/// Posts to an incoming webhook of Slack, or of whatever takes the same JSON, as Mattermost and Rocket.Chat do:
/// <c>{"text": ...}</c> (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
/// </summary>
/// <param name="client">Sends the request; its timeout ends an attempt.</param>
/// <param name="url">The incoming webhook; whoever knows it can post.</param>
/// <param name="name">Name of the channel.</param>
public sealed class SlackChannel(HttpClient client, Uri url, string name = "slack") : IMessageChannel
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx.</exception>
    public Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default) => PostAsync(Escape(alert.Summary), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx.</exception>
    public Task SendAsync(NotificationMessage message, CancellationToken cancellationToken = default) => PostAsync(
        $"*{(message.Severity == NotificationSeverity.Info ? "" : $"{message.Severity}: ")}{Escape(message.Subject)}*{(message.Text.Length > 0 ? $"\n{Escape(message.Text)}" : "")}\n_{Escape(message.Source)}, run {message.RunId}_",
        cancellationToken);

    private Task PostAsync(string text, CancellationToken cancellationToken) => HttpPost.SendAsync(client, url, new { text }, cancellationToken);

    /// <summary>The three characters that Slack's text gives a meaning: without, a message could mention everyone or hide a link.</summary>
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
