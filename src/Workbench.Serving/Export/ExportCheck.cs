using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Sessions;
using Workbench.Training;

namespace Workbench.Serving.Export;

/// <summary>Asks TorchSharp and ONNX Runtime about the same random rows.</summary>
internal static class ExportCheck
{
    /// <summary>Largest difference allowed; float32 sums in another order differ by some 1e-7.</summary>
    public const double Tolerance = 1e-5;

    private static readonly int[] BatchSizes = [1, 7, 256];

    /// <summary>Largest difference of a probability and the number of rows.</summary>
    /// <exception cref="DataException">They differ by more than <see cref="Tolerance"/>, or not by a number.</exception>
    public static (double MaxAbsoluteDifference, int Rows) Compare(TrainedTabularModel model, byte[] onnx)
    {
        using var exported = OnnxModel.Load(onnx, "the exported model");
        var random = new Random(20);
        double worst = BatchSizes.Max(rows => Difference(model, exported, RandomRows(model.Preprocessor, rows, random)));
        if (!(worst <= Tolerance))
            throw new DataException(FormattableString.Invariant(
                $"The exported model differs from the trained one by {worst:G3} in a probability; allowed is {Tolerance:G1}. The file was not written; report the network's layers."));
        return (worst, BatchSizes.Sum());
    }

    private static double Difference(TrainedTabularModel model, OnnxModel exported, TabularData rows)
    {
        var differences = model.Predict(rows).Zip(exported.Predict(rows), (expected, actual) => (double)Math.Abs(expected - actual)).ToList();
        return differences.Exists(double.IsNaN) ? double.NaN : differences.Max();
    }

    private static TabularData RandomRows(TabularPreprocessor preprocessor, int rows, Random random) => new()
    {
        Schema = preprocessor.Schema,
        Numeric = Enumerable.Range(0, rows).SelectMany(_ => preprocessor.Means.Zip(preprocessor.StandardDeviations, (mean, deviation) =>
            random.Next(10) == 0 ? float.NaN : mean + deviation * (float)(6 * random.NextDouble() - 3))).ToArray(),
        Categorical = Enumerable.Range(0, rows).SelectMany(_ => preprocessor.Categories.Select(categories => random.Next(10) switch
        {
            0 => null,
            1 => "a category that was never seen",
            _ => categories.Count == 0 ? null : categories[random.Next(categories.Count)],
        })).ToArray(),
        Labels = [],
        Ids = [],
        Rows = rows,
    };
}
