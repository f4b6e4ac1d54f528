using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Registry;
using Workbench.Serving.Sessions;

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

        var rows = await HoldoutAsync(challenger, cancellationToken);
        if (rows.Rows < options.MinimumRows)
            return GateDecision.TooFew(candidate, champion.Version, rows.Rows, options.MinimumRows);
        var ours = await PredictAsync(challenger, rows, cancellationToken);
        var theirs = await PredictAsync(champion, rows, cancellationToken);
        var difference = PairedBootstrap.Accuracy(ours, theirs, rows.Labels, BootstrapSamples, seed: 0);
        return GateDecision.Compare(candidate, champion.Version, Accuracy(ours, rows.Labels), Accuracy(theirs, rows.Labels), difference, options.MinimumImprovement);
    }

    private async Task<float[]> PredictAsync(ModelVersion version, TabularData rows, CancellationToken cancellationToken)
    {
        using var model = OnnxModel.Load(await registry.Artifacts.ReadVerifiedAsync(version.File(ModelFiles.Onnx).ArtifactId, cancellationToken), version.ToString());
        return model.Predict(rows);
    }

    private async Task<TabularData> HoldoutAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await VersionFolder.MaterialiseAsync(registry, version, ModelFiles.Holdout, folder.Path, cancellationToken);
        return TabularData.Load(folder.Path);
    }

    private static string Weights(ModelVersion version) =>
        version.Tags.TryGetValue(ModelFiles.WeightsHashTag, out var hash) ? hash : version.File(ModelFiles.Onnx).ArtifactId.Value;

    private static double Accuracy(float[] probabilities, float[] labels) =>
        probabilities.Zip(labels, (probability, label) => (probability >= 0.5f) == (label >= 0.5f) ? 1.0 : 0.0).Average();
}
