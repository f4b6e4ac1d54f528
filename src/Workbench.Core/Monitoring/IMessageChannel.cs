namespace Workbench.Monitoring;

/// <summary>A channel that takes messages of pipelines beside alerts.</summary>
public interface IMessageChannel : INotificationChannel
{
    /// <summary>Sends one message; returning means that it was taken. May be called again with a message that was sent before.</summary>
    /// <exception cref="Exception">Any failure: the dispatcher records it and tries again later.</exception>
    Task SendAsync(NotificationMessage message, CancellationToken cancellationToken = default);
}
