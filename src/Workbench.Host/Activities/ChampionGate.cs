using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Registry;
using Workbench.Serving.Comparison;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Activities;

/// <summary>Compares a candidate with the champion, row by row on the candidate's holdout, which neither of them was trained on.</summary>
internal sealed class ChampionGate(ModelRegistry registry)
{
    public const string Champion = "champion";

    /// <summary>Whether version <paramref name="candidate"/> may become champion, and why.</summary>
    /// <exception cref="CommandException">A rule is out of range, or names a metric or column that there is not.</exception>
    /// <exception cref="RegistryException">The version is unknown, lacks a file, or a file is damaged.</exception>
    public async Task<GateDecision> DecideAsync(string model, int candidate, GateRules rules, CancellationToken cancellationToken = default)
    {
        if (rules.Validate() is { Count: > 0 } errors)
            throw new CommandException("The gate cannot work: " + string.Join(" ", errors));
        var challenger = await registry.GetVersionAsync(model, candidate, cancellationToken);
        var champion = await registry.GetAliasAsync(model, Champion, cancellationToken);
        if (champion is not null && (champion.Version == candidate || Weights(champion) == Weights(challenger)))
            return GateDecision.Of(Gate.Identical($"v{candidate}", $"v{champion.Version}"), candidate, champion.Version);
        if (champion is null && !AsksTheCandidate(rules))
            return GateDecision.First(candidate); // nothing to measure, so that a first version needs no holdout
        var rows = await VersionRows.HoldoutAsync(registry, challenger, cancellationToken);
        var evidence = await EvidenceAsync(challenger, champion, rows, rules, cancellationToken);
        try
        {
            return GateDecision.Of(Gate.Judge(evidence, rules), candidate, champion?.Version);
        }
        catch (ArgumentException failure) // a metric that these predictions do not have
        {
            throw new CommandException(failure.Message);
        }
    }

    private async Task<GateEvidence> EvidenceAsync(ModelVersion challenger, ModelVersion? champion, TabularData rows, GateRules rules, CancellationToken cancellationToken)
    {
        byte[] file = await registry.Artifacts.ReadVerifiedAsync(challenger.File(ModelFiles.Onnx).ArtifactId, cancellationToken);
        using var ours = OnnxModel.Load(file, challenger.ToString());
        return new()
        {
            Candidate = $"v{challenger.Version}",
            Predictions = ModelPredictions.Of(ours, rows),
            Champion = champion is null ? null : $"v{champion.Version}",
            ChampionPredictions = champion is null ? null : await VersionRows.JudgeAsync(registry, champion, rows, cancellationToken),
            Slices = [.. rules.Slices.Select(column => SliceColumn.Of(rows, column))],
            Latency = rules.LatencyLimit is null ? null : LatencyMeasurement.Of(ours, rows, batchSize: 1).Median,
            SizeBytes = file.Length,
        };
    }

    private static bool AsksTheCandidate(GateRules rules) => rules.Thresholds.Count > 0 || rules.LatencyLimit is not null || rules.SizeLimitBytes is not null;

    private static string Weights(ModelVersion version) =>
        version.Tags.TryGetValue(ModelFiles.WeightsHashTag, out var hash) ? hash : version.File(ModelFiles.Onnx).ArtifactId.Value;
}
