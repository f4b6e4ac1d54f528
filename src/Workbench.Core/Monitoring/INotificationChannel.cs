namespace Workbench.Monitoring;

/// <summary>Somewhere that firing and resolved alerts are sent.</summary>
public interface INotificationChannel
{
    /// <summary>Unique name; deliveries are remembered under it.</summary>
    string Name { get; }

    /// <summary>Sends one event; returning means that it was taken. May be called again with an event that was sent before.</summary>
    /// <exception cref="Exception">Any failure: the dispatcher records it and tries again later.</exception>
    Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default);
}
