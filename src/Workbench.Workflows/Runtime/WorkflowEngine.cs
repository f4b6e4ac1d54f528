using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Publishes workflows and starts, cancels and awaits their runs. <see cref="WorkflowWorker"/>s in this or other processes
/// on the same database do the steps. Thread-safe.
/// </summary>
public sealed class WorkflowEngine
{
    private readonly PinnedDefinitions _definitions;

    /// <summary>
    /// An engine on a migrated store. What is kept carries the time of the store; <paramref name="time"/> only measures waits and
    /// is the system's clock, never a replayed one, unless a test gives it.
    /// </summary>
    /// <exception cref="ArgumentException">Names every option that is out of range.</exception>
    public WorkflowEngine(WorkflowStore store, ActivityCatalog catalog, WorkflowEngineOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(catalog);
        (Store, Catalog, Options, Time) = (store, catalog, options ?? new(), time ?? TimeProvider.System);
        Options.Validate();
        _definitions = new(store, catalog);
        Leases = new(store, _definitions, catalog, Options);
    }

    /// <summary>Definitions and runs.</summary>
    public WorkflowStore Store { get; }
    /// <summary>The activity types that this engine runs.</summary>
    public ActivityCatalog Catalog { get; }
    internal WorkflowEngineOptions Options { get; }
    internal TimeProvider Time { get; }
    internal StepLeases Leases { get; }
    internal WorkflowSignal Signal { get; } = new();

    /// <summary>Validates and publishes a definition; what is published already stays the same version.</summary>
    /// <exception cref="WorkflowException">Lists every error that validation found; nothing was saved.</exception>
    public Task<WorkflowDefinition> PublishAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default)
    {
        var errors = WorkflowValidator.Validate(definition, Catalog).Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        if (errors.Count > 0)
            throw new WorkflowException(
                $"The workflow '{definition.DefinitionId}' cannot be published.{string.Concat(errors.Select(error => $"\n  {error}"))}");
        return Store.SaveDefinitionAsync(definition, publish: true, cancellationToken);
    }

    /// <summary>Starts a run of the published version and returns its id; with a known idempotency key, the run that has it.</summary>
    /// <exception cref="WorkflowException">Unknown or unpublished definition, unknown trigger, or inputs that do not fit.</exception>
    public async Task<string> StartRunAsync(string definitionId, JsonObject? inputs, StartRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var definition = await FindPublishedAsync(definitionId, cancellationToken);
        var values = RunInputs.Bind(definition, inputs);
        var pinned = await _definitions.GetAsync(VersionId(definition), cancellationToken);
        var start = FindStart(pinned, request.TriggerActivityId);
        var run = NewRun(definition, values, request);
        var runId = await InsertAsync(run, pinned, start, cancellationToken);
        Signal.Set();
        return runId;
    }

    /// <summary>
    /// Cancels a run: nothing new starts, running steps are told to stop with their next heartbeat. False when it had ended.
    /// </summary>
    /// <exception cref="WorkflowException">Unknown run.</exception>
    public async Task<bool> CancelRunAsync(string runId, string reason, string actor, CancellationToken cancellationToken = default) =>
        await Store.Database.InRunAsync<bool?>(runId, async (statements, run) =>
        {
            if (run.Status == nameof(RunStatus.Finished))
                return false;
            var pinned = await _definitions.GetAsync(run.DefinitionVersionId, cancellationToken);
            var advance = await RunAdvance.LoadAsync(statements, run, pinned, Catalog, Options);
            await advance.CancelRunAsync($"Cancelled by {actor}: {reason}");
            return true;
        }, cancellationToken) ?? throw UnknownRun(runId);

    /// <summary>Waits until the run has ended, wherever its steps run, and returns it.</summary>
    /// <exception cref="WorkflowException">Unknown run.</exception>
    public async Task<WorkflowRun> WaitForRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var run = await Store.GetRunAsync(runId, cancellationToken) ?? throw UnknownRun(runId);
            if (run.Status == RunStatus.Finished)
                return run;
            await Task.Delay(Options.PollInterval, Time, cancellationToken);
        }
    }

    private async Task<WorkflowDefinition> FindPublishedAsync(string definitionId, CancellationToken cancellationToken)
    {
        if (await Store.GetPublishedAsync(definitionId, cancellationToken) is { } published)
            return published;
        if (await Store.GetLatestAsync(definitionId, cancellationToken) is { } draft)
            throw new WorkflowException($"The workflow '{definitionId}' is a draft (version {draft.Version}). Publish it before starting a run.");
        var known = await Store.ListDefinitionsAsync(cancellationToken);
        throw new WorkflowException($"Unknown workflow '{definitionId}'. {NearestName.Suggest(definitionId, known.Select(definition => definition.DefinitionId))}");
    }

    private static Activity FindStart(PinnedDefinition pinned, string? triggerActivityId)
    {
        if (triggerActivityId is null)
            return pinned.Graph.Starts.FirstOrDefault()
                ?? throw new WorkflowException($"The workflow '{pinned.Definition.DefinitionId}' has no activities, so no run can start.");
        return pinned.Graph.Starts.FirstOrDefault(start => start.Id == triggerActivityId)
            ?? throw new WorkflowException(
                $"No run of '{pinned.Definition.DefinitionId}' can start at '{triggerActivityId}'. {NearestName.Suggest(triggerActivityId, pinned.Graph.Starts.Select(start => start.Id))}");
    }

    private static RunRow NewRun(WorkflowDefinition definition, JsonObject inputs, StartRequest request) => new()
    {
        DefinitionId = definition.DefinitionId,
        DefinitionVersionId = VersionId(definition),
        Version = definition.Version,
        Reason = request.Reason,
        Actor = request.Actor,
        IdempotencyKey = request.IdempotencyKey,
        CorrelationId = request.CorrelationId,
        Inputs = WorkflowJson.Write(inputs),
        Variables = WorkflowJson.Write(RunInputs.Variables(definition)),
    };

    private Task<string> InsertAsync(RunRow template, PinnedDefinition pinned, Activity start, CancellationToken cancellationToken) =>
        Store.Database.WriteAsync(async (connection, transaction) =>
        {
            var statements = new RunTransaction(connection, transaction, Store.Database);
            var time = await statements.TimeAsync();
            var (id, now) = (Guid.CreateVersion7(time).ToString("N"), time.ToUnixTimeMilliseconds());
            var run = template with { Id = id, CreatedAt = now, UpdatedAt = now };
            if (!await statements.InsertRunAsync(run))
                return await statements.FindRunIdAsync(run.DefinitionId, run.IdempotencyKey) ?? throw UnknownRun(run.Id);
            var advance = await RunAdvance.LoadAsync(statements, run, pinned, Catalog, Options);
            await advance.StartAsync(start);
            return run.Id;
        }, cancellationToken);

    private static string VersionId(WorkflowDefinition stored) =>
        stored.Id ?? throw new InvalidOperationException($"The definition '{stored.DefinitionId}' came from the store without an id.");

    private static WorkflowException UnknownRun(string runId) =>
        new($"Unknown run '{runId}'. List the runs to see their ids.");
}
