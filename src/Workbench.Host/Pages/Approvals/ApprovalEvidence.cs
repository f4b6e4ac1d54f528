using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Host.Pages.Runs;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Pages.Approvals;

/// <summary>What a reviewer needs before deciding: the candidate's figures against the champion's, what the gate said, and what to read.</summary>
internal sealed class ApprovalEvidence(WorkflowStore store, ModelRegistry registry, NotebookReports reports)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The evidence that the run of an approval has made so far.</summary>
    public async Task<ApprovalEvidenceView> ReadAsync(Approval approval, CancellationToken cancellationToken)
    {
        var run = await store.GetRunAsync(approval.RunId, cancellationToken);
        var done = (run?.Steps ?? []).Where(step => step is { Status: StepStatus.Completed, IsReplaced: false }).ToList();
        var comparison = done.LastOrDefault(step => step.ActivityType == CompareWithChampion.Type);
        var decision = comparison?.Outputs?["decision"].Deserialize<GateDecision>(Json);
        var judged = Judged(comparison, Try<CompareWithChampionOptions>, options => (options.ModelName, options.Candidate))
            ?? Judged(done.LastOrDefault(step => step.ActivityType == Evaluate.Type), Try<EvaluateOptions>, options => (options.ModelName, options.Candidate));
        return new(
            judged is { } one ? await CompareAsync(one.Model, one.Candidate, decision, cancellationToken) : null,
            decision,
            [.. Readings(approval, run, done)]);
    }

    private async Task<CandidateComparison?> CompareAsync(string model, int candidate, GateDecision? decision, CancellationToken cancellationToken)
    {
        var versions = await registry.ListVersionsAsync(model, cancellationToken);
        var ours = versions.FirstOrDefault(version => version.Version == candidate);
        if (ours is null)
            return null;
        // The champion that the gate compared with; it may have given way since.
        var champion = versions.FirstOrDefault(version => decision?.Champion is { } number ? version.Version == number : version.Aliases.Contains(ChampionGate.Champion) && version.Version != candidate);
        var names = ours.Metrics.Keys.Union(champion?.Metrics.Keys ?? []).Order(StringComparer.Ordinal);
        return new(model, candidate, champion?.Version, [.. names.Select(name => new MetricPair(name, Value(ours, name), champion is null ? null : Value(champion, name)))]);
    }

    private IEnumerable<Reading> Readings(Approval approval, WorkflowRun? run, IEnumerable<WorkflowStep> done)
    {
        var named = approval.Details.FirstOrDefault(pair => string.Equals(pair.Key, "report", StringComparison.OrdinalIgnoreCase)).Value is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        if (!string.IsNullOrWhiteSpace(named))
            yield return reports.ReportAddress(named) is { } known ? new("What the pipeline asks you to read", known) : new($"What the pipeline asks you to read: {named}", null);
        foreach (var step in done.Reverse())
        {
            if (step.Outputs?["report"] is JsonValue file && file.TryGetValue(out string? name) && reports.ReportAddress(name) is { } address)
                yield return new($"Report of {step.ActivityName}", address);
            if (run is not null && reports.NotebookAddress(run.Id, step) is { } notebook)
                yield return new($"Notebook of {step.ActivityName}", notebook);
        }
    }

    private static (string Model, int Candidate)? Judged<T>(WorkflowStep? step, Func<JsonObject, T?> read, Func<T, (string, int)> pick) where T : class =>
        step is not null && read(step.Inputs) is { } options ? pick(options) : null;

    private static T? Try<T>(JsonObject inputs) where T : class
    {
        try
        {
            return ActivityOptions.Read<T>(inputs);
        }
        catch (WorkflowException)
        {
            return null; // A step of an older version may have had other inputs: there is nothing to compare then.
        }
    }

    private static double? Value(ModelVersion version, string metric) => version.Metrics.TryGetValue(metric, out double value) ? value : null;
}

/// <param name="Comparison">The candidate's metrics against the champion's, or null when no step judged a candidate.</param>
/// <param name="Gate">What the gate said, or null.</param>
/// <param name="Readings">Reports and notebooks, the most telling first.</param>
internal sealed record ApprovalEvidenceView(CandidateComparison? Comparison, GateDecision? Gate, IReadOnlyList<Reading> Readings);

/// <param name="Model">Name of the model.</param>
/// <param name="Candidate">Version that is judged.</param>
/// <param name="Champion">Version that it is compared with, or null when there was none.</param>
/// <param name="Metrics">Metrics that either of them was registered with.</param>
internal sealed record CandidateComparison(string Model, int Candidate, int? Champion, IReadOnlyList<MetricPair> Metrics);

/// <summary>A metric of the candidate and of the champion, null where it was not registered.</summary>
internal sealed record MetricPair(string Name, double? Candidate, double? Champion);

/// <summary>Something to read; the address is null for what this host cannot show.</summary>
internal sealed record Reading(string Title, string? Address);
