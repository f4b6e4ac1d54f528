using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Publishes workflows and starts, cancels and awaits their runs. <see cref="WorkflowWorker"/>s in this or other processes
/// on the same database do the steps. Thread-safe.
/// </summary>
public sealed partial class WorkflowEngine
{
    internal const int StartAttempts = 5;

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
        Queue = new(this);
    }

    /// <summary>Definitions and runs.</summary>
    public WorkflowStore Store { get; }
    /// <summary>The activity types that this engine runs.</summary>
    public ActivityCatalog Catalog { get; }
    internal WorkflowEngineOptions Options { get; }
    internal TimeProvider Time { get; }
    internal StepLeases Leases { get; }
    internal RunQueue Queue { get; }
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
        for (var attempt = 1; ; attempt++)
        {
            var run = await PrepareAsync(definitionId, inputs, request, cancellationToken);
            try
            {
                var runId = await Store.Database.WriteAsync((connection, transaction) =>
                    InsertAsync(new RunTransaction(connection, transaction, Store.Database), run), cancellationToken);
                Signal.Set();
                return runId;
            }
            catch (DefinitionChangedException changed)
            {
                if (attempt == StartAttempts)
                    throw new WorkflowException(changed.Message, changed);
            }
        }
    }

    /// <exception cref="WorkflowException">Unknown or unpublished definition, unknown trigger, or inputs that do not fit.</exception>
    internal async Task<NewRun> PrepareAsync(string definitionId, JsonObject? inputs, StartRequest request, CancellationToken cancellationToken) =>
        Prepare(await LoadPublishedAsync(definitionId, cancellationToken), inputs, request);

    /// <exception cref="WorkflowException">Unknown or unpublished definition.</exception>
    internal async Task<PublishedDefinition> LoadPublishedAsync(string definitionId, CancellationToken cancellationToken)
    {
        var published = await FindPublishedAsync(definitionId, cancellationToken);
        return new(published.Id, _definitions.Read(published), published.Revision);
    }

    /// <exception cref="WorkflowException">Unknown trigger, or inputs that do not fit.</exception>
    internal NewRun Prepare(PublishedDefinition published, JsonObject? inputs, StartRequest request)
    {
        var pinned = published.Pinned;
        var values = RunInputs.Bind(pinned.Definition, inputs);
        return new(NewRow(pinned.Definition, values, request), pinned, published.Revision, FindStart(pinned, request.TriggerActivityId), request.TriggerOutputs);
    }

    /// <summary>Inserts the run and starts it, or lets it wait for room; returns the id of the run that has its idempotency key.</summary>
    /// <exception cref="DefinitionChangedException">The version is no longer published as it was read; prepare the run again.</exception>
    internal async Task<string> InsertAsync(RunTransaction transaction, NewRun run)
    {
        if (!await transaction.LockPublishedAsync(run.Row.DefinitionVersionId, run.Revision))
            throw new DefinitionChangedException(run.Row.DefinitionId);
        var row = run.Row with { }; // The transaction may start again.
        if (!await transaction.LockRoomForRunAsync(row.DefinitionId))
            (row.SubStatus, row.QueuedStart) = (nameof(RunSubStatus.Pending), new QueuedStart(run.Start.Id, run.TriggerOutputs).Write());
        if (!await transaction.InsertRunAsync(row))
            return await transaction.FindRunIdAsync(row.DefinitionId, row.IdempotencyKey) ?? throw UnknownRun(row.Id);
        if (row.QueuedStart is null)
            await BeginAsync(transaction, await RunAdvance.LoadAsync(transaction, row, run.Pinned, Catalog, Options), row, new(run.Start.Id, run.TriggerOutputs));
        return row.Id;
    }

    /// <summary>The first steps of a run that is inserted, or a repair that waited for room.</summary>
    internal static Task BeginAsync(RunTransaction transaction, RunAdvance advance, RunRow run, QueuedStart start) =>
        start.Repair is { } repair ? RepairAsync(transaction, advance, run, repair) : advance.StartAsync(start.ActivityId, start.TriggerOutputs);

    internal async Task<RunAdvance> LoadAsync(RunTransaction transaction, RunRow run) =>
        await RunAdvance.LoadAsync(transaction, run, await _definitions.GetAsync(run.DefinitionVersionId), Catalog, Options);

    /// <summary>
    /// Cancels a run: nothing new starts, running steps are told to stop with their next heartbeat. False when it had ended.
    /// </summary>
    /// <exception cref="WorkflowException">Unknown run.</exception>
    public async Task<bool> CancelRunAsync(string runId, string reason, string actor, CancellationToken cancellationToken = default)
    {
        var isCancelled = await Store.Database.InRunAsync<bool?>(runId, async (statements, run) =>
        {
            if (run.Status == nameof(RunStatus.Finished))
                return false;
            var advance = await LoadAsync(statements, run);
            await advance.CancelRunAsync($"Cancelled by {actor}: {reason}");
            return true;
        }, cancellationToken) ?? throw UnknownRun(runId);
        Signal.Set();
        return isCancelled;
    }

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

    private async Task<DefinitionRow> FindPublishedAsync(string definitionId, CancellationToken cancellationToken)
    {
        if (await Store.FindPublishedRowAsync(definitionId, cancellationToken) is { } published)
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

    private RunRow NewRow(WorkflowDefinition definition, JsonObject inputs, StartRequest request) => new()
    {
        Id = Guid.CreateVersion7(Time.GetUtcNow()).ToString("N"),
        DefinitionId = definition.DefinitionId,
        DefinitionVersionId = VersionId(definition),
        Version = definition.Version,
        Reason = request.Reason,
        Actor = request.Actor,
        IdempotencyKey = request.IdempotencyKey,
        Priority = request.Priority ?? RunSettings.Of(definition).Priority,
        CorrelationId = request.CorrelationId,
        ParentId = request.ParentRunId,
        ParentBookmarkId = request.ParentBookmarkId,
        TriggerId = request.TriggerId,
        TriggerPayload = request.TriggerPayload is { } payload ? WorkflowJson.Write(payload) : null,
        DedupeAt = request.DedupeAt,
        Inputs = WorkflowJson.Write(inputs),
        Variables = WorkflowJson.Write(RunInputs.Variables(definition)),
    };

    private static string VersionId(WorkflowDefinition stored) =>
        stored.Id ?? throw new InvalidOperationException($"The definition '{stored.DefinitionId}' came from the store without an id.");

    private static WorkflowException UnknownRun(string runId) =>
        new($"Unknown run '{runId}'. List the runs to see their ids.");
}
