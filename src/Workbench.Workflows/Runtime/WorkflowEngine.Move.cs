using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

public sealed partial class WorkflowEngine
{
    /// <summary>
    /// Pins a run to another version of its workflow, for example one in which what failed is mended. The run goes on with what the
    /// version says: joins are decided by its edges, steps that have not started yet get its inputs and settings, and what is retried
    /// is the version's step. Running and waiting steps go on as they are. Refused unless every finished, running and waiting step
    /// exists there with the same id and type.
    /// </summary>
    /// <exception cref="WorkflowException">
    /// Unknown run or version, a draft or one with errors, a run that finished well or has the version already, or one that does not fit; names what does not.
    /// </exception>
    public async Task<MovedRun> MoveRunAsync(string runId, int version, string actor, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(actor);
        var run = await Store.GetRunAsync(runId, cancellationToken) ?? throw UnknownRun(runId);
        var target = await FindTargetAsync(run.DefinitionId, version, cancellationToken);
        return await MoveAsync(runId, target, actor, cancellationToken);
    }

    /// <summary>Pins every run of a workflow that has not ended to a version; see <see cref="MoveRunAsync"/>. One that does not fit keeps no other from it.</summary>
    /// <returns>A result for each run that had another version, oldest first.</returns>
    /// <exception cref="WorkflowException">Unknown workflow or version, a draft or one with errors.</exception>
    public async Task<IReadOnlyList<MovedRun>> MoveRunsAsync(string definitionId, int version, string actor, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(actor);
        var target = await FindTargetAsync(definitionId, version, cancellationToken);
        var (runs, _) = await Store.SearchRunsAsync(new() { DefinitionIds = [definitionId], Statuses = [RunStatus.Running], Take = int.MaxValue }, cancellationToken);
        var results = new List<MovedRun>();
        foreach (var run in runs.Where(run => run.Version != version).OrderBy(run => run.CreatedAt).ThenBy(run => run.Id, StringComparer.Ordinal))
            try
            {
                results.Add(await MoveAsync(run.Id, target, actor, cancellationToken));
            }
            catch (WorkflowException refusal)
            {
                results.Add(new(run.Id, run.Version, version, refusal.Message));
            }
        return results;
    }

    private async Task<MovedRun> MoveAsync(string runId, DefinitionRow row, string actor, CancellationToken cancellationToken)
    {
        var to = _definitions.Read(row);
        var target = to.Definition;
        var moved = await InRunAsync<MovedRun>(runId, async (transaction, run) =>
        {
            if (run.DefinitionVersionId == target.Id)
                throw new WorkflowException($"Run '{runId}' has version {target.Version} of '{run.DefinitionId}' already.");
            if (run is { Status: nameof(RunStatus.Finished), SubStatus: nameof(RunSubStatus.Finished) })
                throw new WorkflowException($"Run '{runId}' has finished: there is nothing left for version {target.Version} to do. Start a new run.");
            if (!await transaction.LockVersionAsync(row.Id, row.Revision))
                throw new WorkflowException($"Version {target.Version} of '{run.DefinitionId}' was changed meanwhile. Look at it, and move the run again.");
            var from = await _definitions.GetAsync(run.DefinitionVersionId);
            var plan = MovePlan.Create(run, [.. (await transaction.StepsAsync(runId)).Where(step => step.IsReplaced == 0)], from, to);
            if (plan.Problems.Count > 0)
                throw new WorkflowException($"Run '{runId}' does not fit version {target.Version} of '{run.DefinitionId}'. {string.Join(' ', plan.Problems)} Publish a version with them, or start a new run.");
            var result = new MovedRun(runId, run.Version, target.Version, null);
            Pin(run, target, plan);
            await transaction.PinRunAsync(run);
            var advance = await RunAdvance.LoadAsync(transaction, run, to, Catalog, Options);
            await advance.MoveAsync($"{actor} moved the run from version {result.FromVersion} to version {result.ToVersion}.");
            return result;
        }, cancellationToken) ?? throw UnknownRun(runId);
        Signal.Set();
        return moved;
    }

    private static void Pin(RunRow run, WorkflowDefinition target, MovePlan plan)
    {
        (run.DefinitionVersionId, run.Version) = (VersionId(target), target.Version);
        (run.Inputs, run.Variables) = (WorkflowJson.Write(plan.Inputs), WorkflowJson.Write(plan.Variables));
        run.Tokens = WorkflowJson.Write(new JsonObject(plan.Tokens.Select(token => KeyValuePair.Create(token.Key, (JsonNode?)token.Value))));
    }

    /// <summary>A version that never changes any more and has no errors.</summary>
    private async Task<DefinitionRow> FindTargetAsync(string definitionId, int version, CancellationToken cancellationToken)
    {
        var row = await Store.FindVersionRowAsync(definitionId, version, cancellationToken);
        var versions = await Store.ListVersionsAsync(definitionId, cancellationToken);
        if (versions.Count == 0)
            throw new WorkflowException($"Unknown workflow '{definitionId}'. {NearestName.Suggest(definitionId, (await Store.ListDefinitionsAsync(cancellationToken)).Select(known => known.DefinitionId))}");
        if (row is null)
            throw new WorkflowException($"'{definitionId}' has no version {version}. Known: {string.Join(", ", versions.Select(known => known.Version).Order())}.");
        var target = WorkflowStore.ToDefinition(row);
        if (target is { IsLatest: true, IsPublished: false })
            throw new WorkflowException($"Version {version} of '{definitionId}' is a draft, which may still change. Publish it first.");
        var errors = WorkflowValidator.Validate(target, Catalog).Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        return errors.Count == 0 ? row
            : throw new WorkflowException($"Version {version} of '{definitionId}' has errors, so no run can be moved to it.{string.Concat(errors.Select(error => $"\n  {error}"))}");
    }
}
