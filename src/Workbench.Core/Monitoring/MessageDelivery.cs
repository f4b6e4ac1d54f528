namespace Workbench.Monitoring;

/// <summary>How the sending of one message over one channel went so far.</summary>
public sealed record MessageDelivery
{
    /// <summary>The message.</summary>
    public required NotificationMessage Message { get; init; }
    /// <summary>Name of the channel.</summary>
    public required string Channel { get; init; }
    /// <summary>How often it was tried; 0 before the first attempt.</summary>
    public required int Attempts { get; init; }
    /// <summary>System time at which the channel took it, or null.</summary>
    public required DateTimeOffset? DeliveredAt { get; init; }
    /// <summary>System time before which it is not tried again, or null when delivered or not tried yet.</summary>
    public required DateTimeOffset? RetryAt { get; init; }
    /// <summary>What went wrong at the last attempt, or null.</summary>
    public required string? Error { get; init; }
}
