using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

public sealed partial class WorkflowEngine
{
    internal TriggerFirer Firer => field ??= new(this);

    /// <summary>
    /// Starts a run for something that happened, unless the trigger's policies or its state say otherwise. Any number of hosts may
    /// tell the same with the same key: one run comes of it.
    /// </summary>
    /// <exception cref="WorkflowException">Unknown trigger.</exception>
    public async Task<TriggerOutcome> FireTriggerAsync(string triggerId, TriggerFiring firing, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(triggerId);
        ArgumentNullException.ThrowIfNull(firing);
        return (await Firer.FireAsync(triggerId, (_, _) => new() { Firings = [firing] }, cancellationToken))[0];
    }

    /// <summary>
    /// Lets a source decide by the trigger's state, which nobody changes until the decision is kept, and by the database's time.
    /// <paramref name="decide"/> has no effects of its own: it may be asked again.
    /// </summary>
    /// <exception cref="WorkflowException">Unknown trigger.</exception>
    public Task<IReadOnlyList<TriggerOutcome>> FireTriggerAsync(
        string triggerId, Func<WorkflowTrigger, DateTimeOffset, TriggerDecision> decide, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(triggerId);
        ArgumentNullException.ThrowIfNull(decide);
        return Firer.FireAsync(triggerId, decide, cancellationToken);
    }

    /// <summary>
    /// Fires the cron, timer and StartAt triggers whose moment has come, all or one of them, and moves their schedules on. Whoever
    /// calls it, and how often, each moment starts at most one run.
    /// </summary>
    public Task<IReadOnlyList<TriggerOutcome>> FireDueTriggersAsync(string? triggerId = null, CancellationToken cancellationToken = default) =>
        new TriggerClock(this).FireDueAsync(triggerId, cancellationToken);

    /// <summary>Fires the triggers that wait for the end of other workflows' runs, for what has ended since the last look.</summary>
    public Task<IReadOnlyList<TriggerOutcome>> FireWorkflowEndsAsync(CancellationToken cancellationToken = default) => new EndedRuns(this).FireAsync(cancellationToken);
}
