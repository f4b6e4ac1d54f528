namespace Workbench.Workflows.Storage;

/// <summary>What a suspended step waits for.</summary>
public enum BookmarkKind
{
    /// <summary>A moment: a delay, a timer, a date or a cron occurrence.</summary>
    Time,
    /// <summary>An event of the bookmark's name.</summary>
    Event,
    /// <summary>A request to the path that is the bookmark's name; the payload lists the <c>methods</c>.</summary>
    Http,
    /// <summary>A decision of people; the approval has the bookmark's id.</summary>
    Approval,
    /// <summary>The end of another run, whose id is the bookmark's name once it has been started.</summary>
    Workflow,
    /// <summary>A worker, to hand on the event that the step publishes.</summary>
    Publish,
    /// <summary>Something that only the host can see; workers look again and again. The payload has the <c>inputs</c>, the <c>deadline</c> and the <c>state</c>.</summary>
    Check,
    /// <summary>A worker, to cancel the run that a cancelled step was waiting for; the step itself waits no more.</summary>
    CancelRun,
}
