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

    /// <summary>Largest difference of a probability, or of a regression's value in standard deviations of the training labels, and the number of rows.</summary>
    /// <exception cref="DataException">They differ by more than is allowed, or not by a number.</exception>
    public static (double MaxAbsoluteDifference, int Rows) Compare(TrainedTabularModel model, byte[] onnx)
    {
        using var exported = OnnxModel.Load(onnx, "the exported model");
        var random = new Random(20);
        double worst = BatchSizes.Max(rows => Difference(model, exported, RandomRows(model.Preprocessor, rows, random)));
        double allowed = Allowed(model.Preprocessor);
        if (!(worst <= allowed))
            throw new DataException(FormattableString.Invariant(
                $"The exported model differs from the trained one by {worst:G3} in {(model.Task == PredictionTask.Regression ? "standard deviations of the label" : "a probability")}; allowed is {allowed:G1}. The file was not written; report the network's layers."));
        return (worst, BatchSizes.Sum());
    }

    private static double Difference(TrainedTabularModel model, OnnxModel exported, TabularData rows)
    {
        float[] expected = model.Task == PredictionTask.Multiclass ? model.PredictProbabilities(rows) : model.Predict(rows);
        var differences = expected.Zip(exported.Answer(rows).Numbers, (value, actual) => (double)Math.Abs(value - actual) / model.Preprocessor.LabelDeviation).ToList();
        return differences.Exists(double.IsNaN) ? double.NaN : differences.Max();
    }

    // A value far from 0 next to its deviation, as a year is, has float32's relative precision of 6e-8 and no better.
    private static double Allowed(TabularPreprocessor preprocessor) => Tolerance + 1e-6 * Math.Abs(preprocessor.LabelMean) / preprocessor.LabelDeviation;

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
