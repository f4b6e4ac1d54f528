namespace Workbench.Workflows.Validation;

/// <summary>
/// The names of an activity whose steps wait until a look says that what they wait for is there
/// (<see cref="ActivityDescriptor.IsPolled"/>, <see cref="Runtime.IWaitCheck"/>).
/// </summary>
public static class PolledActivity
{
    /// <summary>Outcome: it is there.</summary>
    public const string Found = "Found";
    /// <summary>Outcome: the deadline passed before it was there.</summary>
    public const string TimedOut = "TimedOut";
    /// <summary>The input, a TimeSpan, after which the step goes on with <see cref="TimedOut"/>; without it, it waits for ever.</summary>
    public const string Deadline = "deadline";
}
