using Workbench.Data;
using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Registry;
using Workbench.Serving.Comparison;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Activities;

/// <summary>The rows that a version keeps, and what a version says of rows.</summary>
internal static class VersionRows
{
    /// <summary>The rows that the version was judged on, and not trained on.</summary>
    /// <exception cref="RegistryException">The version keeps no such rows, or a file is damaged.</exception>
    public static async Task<TabularData> HoldoutAsync(ModelRegistry registry, ModelVersion version, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        await VersionFolder.MaterialiseAsync(registry, version, ModelFiles.Holdout, folder.Path, cancellationToken);
        return TabularData.Load(folder.Path);
    }

    /// <summary>What the version says of labelled rows, whatever its task.</summary>
    /// <exception cref="Data.DataException">The rows have other columns, another task, or a class that the version does not know.</exception>
    public static async Task<Predictions> JudgeAsync(ModelRegistry registry, ModelVersion version, TabularData rows, CancellationToken cancellationToken)
    {
        using var model = await LoadAsync(registry, version, cancellationToken);
        return ModelPredictions.Of(model, rows);
    }

    /// <summary>[N] probabilities of class 1.</summary>
    /// <exception cref="RegistryException">The version is of another task, or its file is damaged.</exception>
    public static async Task<float[]> PredictAsync(ModelRegistry registry, ModelVersion version, TabularData rows, CancellationToken cancellationToken)
    {
        using var model = await LoadAsync(registry, version, cancellationToken);
        return model.Task == PredictionTask.Binary ? model.Predict(rows) : throw new RegistryException(
            $"{version} is a model of the task {model.Task}, and this step judges probabilities of two classes. Use the gate (Compare with champion), whose metrics fit every task.");
    }

    private static async Task<OnnxModel> LoadAsync(ModelRegistry registry, ModelVersion version, CancellationToken cancellationToken) =>
        OnnxModel.Load(await registry.Artifacts.ReadVerifiedAsync(version.File(ModelFiles.Onnx).ArtifactId, cancellationToken), version.ToString());
}
