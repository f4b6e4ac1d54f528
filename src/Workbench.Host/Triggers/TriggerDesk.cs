using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Workflows.Runtime;
using Workbench.Workflows;

namespace Workbench.Host.Triggers;

/// <summary>What people do with triggers: look, pause, resume, fire. API, pages and command line all come here. Thread-safe.</summary>
internal sealed class TriggerDesk(WorkflowEngine engine)
{
    /// <summary>The triggers of published workflows, or of one of them, with their next five fire times.</summary>
    public async Task<IReadOnlyList<TriggerView>> ListAsync(string? workflow = null, CancellationToken cancellationToken = default) =>
        [.. (await engine.Store.ListTriggersAsync(new() { DefinitionId = workflow }, cancellationToken)).Select(TriggerView.Of)];

    /// <summary>The trigger, or null when it is unknown.</summary>
    public async Task<TriggerView?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        await engine.Store.GetTriggerAsync(id, cancellationToken) is { } trigger ? TriggerView.Of(trigger) : null;

    /// <summary>Lets the trigger start nothing until it is resumed; returns how it stands. Pausing what is paused changes nothing.</summary>
    /// <exception cref="WorkflowException">Unknown trigger; lists the known ones.</exception>
    public async Task<TriggerView> PauseAsync(string id, string actor, CancellationToken cancellationToken = default)
    {
        await RequireAsync(id, cancellationToken);
        await engine.Store.PauseTriggerAsync(id, actor, cancellationToken);
        return await RequireAsync(id, cancellationToken);
    }

    /// <summary>Lets it start runs again; what it missed is caught up only with the misfire policy all. Returns how it stands.</summary>
    /// <exception cref="WorkflowException">Unknown trigger; lists the known ones.</exception>
    public async Task<TriggerView> ResumeAsync(string id, CancellationToken cancellationToken = default)
    {
        await RequireAsync(id, cancellationToken);
        await engine.Store.ResumeTriggerAsync(id, cancellationToken);
        return await RequireAsync(id, cancellationToken);
    }

    /// <summary>Starts a run by hand, even while the trigger is paused; <paramref name="inputs"/> come before the trigger's own.</summary>
    /// <exception cref="WorkflowException">Unknown trigger.</exception>
    public async Task<TriggerOutcome> FireAsync(string id, JsonObject? inputs, string? reason, string actor, CancellationToken cancellationToken = default)
    {
        await RequireAsync(id, cancellationToken);
        return await engine.FireTriggerAsync(id, new TriggerFiring(reason ?? "by hand", actor) { Inputs = inputs, IsByHand = true }, cancellationToken);
    }

    private async Task<TriggerView> RequireAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is { } found)
            return found;
        var known = (await ListAsync(null, cancellationToken)).Select(trigger => trigger.Id).ToList();
        throw new WorkflowException($"There is no trigger '{id}'.{Suggestion.DidYouMean(id, known)} Known: {(known.Count > 0 ? string.Join(", ", known) : "none")}.");
    }
}
