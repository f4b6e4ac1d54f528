using Workbench.Data;
using Workbench.Features;
using Workbench.Registry;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Host.Tests;

/// <summary>A model that trains in a moment: y is 1 where x is positive, whatever the colour.</summary>
internal static class TinyModel
{
    public const string Name = "tiny";

    public static readonly FeatureSchema Schema = new() { Numeric = ["x"], Categorical = ["colour"], Label = "y", Id = "id" };

    public static TabularData Rows(int count, int seed)
    {
        var random = new Random(seed);
        var x = Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2)).ToArray();
        return new()
        {
            Schema = Schema, Rows = count, Numeric = x, Categorical = [.. x.Select((_, i) => i % 2 == 0 ? "red" : "blue")],
            Labels = [.. x.Select(value => value > 0 ? 1f : 0f)], Ids = [.. x.Select((_, i) => $"row-{i}")],
        };
    }

    /// <summary>Trains, exports and registers a version with its holdout; one that is misled learns the colour, which says nothing.</summary>
    public static async Task<ModelVersion> RegisterAsync(ModelRegistry registry, int epochs, int seed, int holdoutRows = 400, bool isMisled = false)
    {
        var folder = Directory.CreateTempSubdirectory("tiny-").FullName;
        using var trained = TabularTrainer.Fit(Learned(600, seed, isMisled), Learned(200, seed + 1, isMisled), new TabularTrainingOptions { MaxEpochs = epochs, Seed = seed, BatchSize = 64 });
        OnnxExporter.Export(trained, Path.Combine(folder, ModelFiles.Onnx));
        Rows(holdoutRows, 99).Save(Directory.CreateDirectory(Path.Combine(folder, ModelFiles.Holdout)).FullName);
        Rows(600, seed).Save(Directory.CreateDirectory(Path.Combine(folder, ModelFiles.Reference)).FullName);
        return await registry.RegisterAsync(new NewModelVersion
        {
            Name = Name, Files = NewModelVersion.FilesIn(folder), DataHash = "sha256:tiny", IdempotencyKey = null,
            Tags = new Dictionary<string, string> { [ModelFiles.WeightsHashTag] = trained.WeightsHash },
        });
    }

    private static TabularData Learned(int count, int seed, bool isMisled) => Rows(count, seed) is var rows && isMisled
        ? rows with { Labels = [.. rows.Categorical.Select(colour => colour == "red" ? 1f : 0f)] }
        : rows;

    public static DataFolder NewFolder() => new(Directory.CreateTempSubdirectory("workbench-test-").FullName);
}
