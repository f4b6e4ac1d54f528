using Workbench.Features;
using Workbench.Registry;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Activities;

/// <summary>The rows that a version keeps, and what a version says of rows.</summary>
internal static class VersionRows
{
    /// <summary>The rows that the version was judged on, and not trained on.</summary>
    /// <exception cref="RegistryException">The version keeps no such rows, or a file is damaged.</exception>
    public static async Task<TabularData> HoldoutAsync(ModelRegistry registry, ModelVersion version, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await VersionFolder.MaterialiseAsync(registry, version, ModelFiles.Holdout, folder.Path, cancellationToken);
        return TabularData.Load(folder.Path);
    }

    /// <summary>[N] probabilities of class 1.</summary>
    public static async Task<float[]> PredictAsync(ModelRegistry registry, ModelVersion version, TabularData rows, CancellationToken cancellationToken)
    {
        using var model = OnnxModel.Load(await registry.Artifacts.ReadVerifiedAsync(version.File(ModelFiles.Onnx).ArtifactId, cancellationToken), version.ToString());
        return model.Predict(rows);
    }
}
