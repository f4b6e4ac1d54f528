namespace Workbench.Monitoring;

/// <summary>How the sending of one event over one channel went so far.</summary>
public sealed record AlertDelivery
{
    /// <summary>Id of the event.</summary>
    public required string EventId { get; init; }
    /// <summary>Name of the channel.</summary>
    public required string Channel { get; init; }
    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }
    /// <summary>System time of the last attempt.</summary>
    public required DateTimeOffset AttemptedAt { get; init; }
    /// <summary>System time at which the channel took it, or null.</summary>
    public required DateTimeOffset? DeliveredAt { get; init; }
    /// <summary>System time before which it is not tried again, or null when delivered.</summary>
    public required DateTimeOffset? RetryAt { get; init; }
    /// <summary>What went wrong at the last attempt, or null.</summary>
    public required string? Error { get; init; }
}
