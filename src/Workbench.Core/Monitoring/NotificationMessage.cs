namespace Workbench.Monitoring;

/// <summary>A message of a pipeline to people. It is sent to each of its channels at least once: a receiver that must act once remembers <see cref="Id"/>.</summary>
public sealed record NotificationMessage
{
    /// <summary>Unique id.</summary>
    public required string Id { get; init; }
    /// <summary>What it is about, in a line.</summary>
    public required string Subject { get; init; }
    /// <summary>The message; may be empty.</summary>
    public required string Text { get; init; }
    /// <summary>How urgent it is.</summary>
    public required NotificationSeverity Severity { get; init; }
    /// <summary>Name of the workflow that sends it.</summary>
    public required string Source { get; init; }
    /// <summary>Id of the run that sends it.</summary>
    public required string RunId { get; init; }
    /// <summary>Business time at which it was sent.</summary>
    public required DateTimeOffset At { get; init; }
}
