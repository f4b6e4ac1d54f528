namespace Workbench.Workflows.Triggers;

/// <summary>The types of triggers that the engine itself understands. A host may have more and fires them.</summary>
public static class TriggerTypes
{
    /// <summary>A start activity with a cron expression.</summary>
    public const string Cron = "Elsa.Cron";
    /// <summary>A start activity with an interval.</summary>
    public const string Timer = "Elsa.Timer";
    /// <summary>A start activity with one moment.</summary>
    public const string StartAt = "Elsa.StartAt";
    /// <summary>A start activity that an event fires.</summary>
    public const string Event = "Elsa.Event";
    /// <summary>A start activity that a request fires.</summary>
    public const string HttpEndpoint = "Elsa.HttpEndpoint";
    /// <summary>An entry that the end of another workflow's run fires.</summary>
    public const string WorkflowEnd = "workflow";

    /// <summary>Types of start activities.</summary>
    internal static IReadOnlyList<string> Activities { get; } = [Cron, Timer, StartAt, Event, HttpEndpoint];

    /// <summary>Whether firing brings something of its own, so that no other trigger's run stands for it.</summary>
    internal static bool BringsMessage(string type) => type is Event or HttpEndpoint or WorkflowEnd;
}
