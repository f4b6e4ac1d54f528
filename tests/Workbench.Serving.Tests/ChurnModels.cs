using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Serving.Tests;

/// <summary>Two small trained versions of one model and their ONNX files, made once for all tests.</summary>
internal static class ChurnModels
{
    public static readonly FeatureSchema Schema = new() { Numeric = ["usage", "price"], Categorical = ["plan", "region"], Label = "churned" };

    private static readonly Lazy<TrainedTabularModel> LazyFirst = new(() => Train(seed: 1)), LazySecond = new(() => Train(seed: 2));
    private static readonly Lazy<byte[]> LazyFirstFile = new(() => ExportBytes(LazyFirst.Value)), LazySecondFile = new(() => ExportBytes(LazySecond.Value));

    public static TrainedTabularModel First => LazyFirst.Value;
    public static TrainedTabularModel Second => LazySecond.Value;
    public static byte[] FirstFile => LazyFirstFile.Value;
    public static byte[] SecondFile => LazySecondFile.Value;

    public static TabularData Rows(int rows, int seed, FeatureSchema? schema = null)
    {
        var random = new Random(seed);
        schema ??= Schema;
        return new()
        {
            Schema = schema,
            Numeric = Enumerable.Range(0, rows * schema.Numeric.Count).Select(_ => random.Next(20) == 0 ? float.NaN : (float)random.NextDouble() * 100).ToArray(),
            Categorical = Enumerable.Range(0, rows * schema.Categorical.Count)
                .Select(index => random.Next(20) == 0 ? null : $"{schema.Categorical[index % schema.Categorical.Count]}-{random.Next(4)}").ToArray(),
            Labels = Enumerable.Range(0, rows).Select(row => (float)(row % 2 == 0 ? 0 : random.Next(2))).Select((label, row) => row == 1 ? 1 : label).ToArray(),
            Ids = [],
            Rows = rows,
        };
    }

    public static TabularData Row(float usage, float price, string? plan, string? region) =>
        new() { Schema = Schema, Numeric = [usage, price], Categorical = [plan, region], Labels = [], Ids = [], Rows = 1 };

    public static TrainedTabularModel Train(int seed, FeatureSchema? schema = null) =>
        TabularTrainer.Fit(Rows(400, seed, schema), Rows(100, seed + 100, schema), new() { Seed = seed, MaxEpochs = 2, HiddenSizes = [16, 8] });

    private static byte[] ExportBytes(TrainedTabularModel model)
    {
        string folder = Directory.CreateTempSubdirectory("workbench-export-").FullName;
        try
        {
            return File.ReadAllBytes(OnnxExporter.Export(model, Path.Combine(folder, "model.onnx")).Path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
