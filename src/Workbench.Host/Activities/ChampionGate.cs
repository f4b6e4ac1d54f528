using Workbench.Evaluation;
using Workbench.Registry;

namespace Workbench.Host.Activities;

/// <summary>Compares a candidate with the champion, row by row on the candidate's holdout, which neither of them was trained on.</summary>
internal sealed class ChampionGate(ModelRegistry registry)
{
    public const string Champion = "champion";
    private const int BootstrapSamples = 1000;

    /// <summary>Whether version <paramref name="candidate"/> may become champion, and why.</summary>
    /// <exception cref="RegistryException">The version is unknown, lacks a file, or a file is damaged.</exception>
    public async Task<GateDecision> DecideAsync(string model, int candidate, GateOptions options, CancellationToken cancellationToken = default)
    {
        options.Validated();
        var challenger = await registry.GetVersionAsync(model, candidate, cancellationToken);
        var champion = await registry.GetAliasAsync(model, Champion, cancellationToken);
        if (champion is null)
            return GateDecision.First(candidate);
        if (champion.Version == candidate || Weights(champion) == Weights(challenger))
            return GateDecision.Identical(candidate, champion.Version);

        var rows = await VersionRows.HoldoutAsync(registry, challenger, cancellationToken);
        if (rows.Rows < options.MinimumRows)
            return GateDecision.TooFew(candidate, champion.Version, rows.Rows, options.MinimumRows);
        var ours = await VersionRows.PredictAsync(registry, challenger, rows, cancellationToken);
        var theirs = await VersionRows.PredictAsync(registry, champion, rows, cancellationToken);
        var difference = PairedBootstrap.Accuracy(ours, theirs, rows.Labels, BootstrapSamples, seed: 0);
        return GateDecision.Compare(candidate, champion.Version, Accuracy(ours, rows.Labels), Accuracy(theirs, rows.Labels), difference, options.MinimumImprovement);
    }

    private static string Weights(ModelVersion version) =>
        version.Tags.TryGetValue(ModelFiles.WeightsHashTag, out var hash) ? hash : version.File(ModelFiles.Onnx).ArtifactId.Value;

    private static double Accuracy(float[] probabilities, float[] labels) =>
        probabilities.Zip(labels, (probability, label) => (probability >= 0.5f) == (label >= 0.5f) ? 1.0 : 0.0).Average();
}
