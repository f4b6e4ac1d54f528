using Microsoft.ML.OnnxRuntime;
using Workbench.Data;
using Workbench.Training.Forecasting;
using Workbench.Training.Text;

namespace Workbench.Serving.Export;

/// <summary>Asks TorchSharp and ONNX Runtime about the same random token numbers or windows.</summary>
internal static class SequenceCheck
{
    private static readonly int[] BatchSizes = [1, 7, 64];

    /// <summary>Largest difference of a probability and the number of texts.</summary>
    /// <exception cref="DataException">They differ by more than <see cref="ExportCheck.Tolerance"/>, or not by a number.</exception>
    public static (double MaxAbsoluteDifference, int Rows) Compare(TrainedTextModel model, byte[] onnx)
    {
        using var session = new InferenceSession(onnx);
        var random = new Random(20);
        double worst = BatchSizes.Max(rows =>
        {
            int tokens = Math.Min(model.Vocabulary.MaxTokens, rows + 2);   // another length a batch
            long[] numbers = RandomTokens(model, rows, tokens, random);
            return Difference(model.Probabilities(numbers, tokens), Run(session, TextGraph.TokensInput, OrtValue.CreateTensorValueFromMemory(numbers, [rows, tokens])));
        });
        return Allowed(worst, ExportCheck.Tolerance, "a probability");
    }

    /// <summary>Largest difference of a quantile, in standard deviations of the training values, and the number of windows.</summary>
    /// <exception cref="DataException">They differ by more than is allowed, or not by a number.</exception>
    public static (double MaxAbsoluteDifference, int Rows) Compare(TrainedForecaster model, byte[] onnx)
    {
        using var session = new InferenceSession(onnx);
        var random = new Random(20);
        double worst = BatchSizes.Max(rows =>
        {
            float[] windows = [.. Enumerable.Range(0, rows * model.Options.Window).Select(_ => model.Mean + model.Deviation * (float)(6 * random.NextDouble() - 3))];
            return Difference(model.Predict(windows), Run(session, ForecastGraph.HistoryInput, OrtValue.CreateTensorValueFromMemory(windows, [rows, model.Options.Window]))) / model.Deviation;
        });
        // Values far from 0 next to their deviation have float32's relative precision of 6e-8 and no better.
        return Allowed(worst, ExportCheck.Tolerance + 1e-6 * Math.Abs(model.Mean) / model.Deviation, "standard deviations of the series");
    }

    private static (double, int) Allowed(double worst, double allowed, string what) => worst <= allowed
        ? (worst, BatchSizes.Sum())
        : throw new DataException(FormattableString.Invariant(
            $"The exported model differs from the trained one by {worst:G3} in {what}; allowed is {allowed:G1}. The file was not written; report the network's layers."));

    // Rows of every length from 1 to all tokens.
    private static long[] RandomTokens(TrainedTextModel model, int rows, int tokens, Random random)
    {
        long[] numbers = new long[rows * tokens];
        for (int row = 0; row < rows; row++)
            for (int token = 0, length = random.Next(1, tokens + 1); token < length; token++)
                numbers[row * tokens + token] = random.NextInt64(1, model.Vocabulary.Words.Count + 2);
        return numbers;
    }

    private static float[] Run(InferenceSession session, string input, OrtValue value)
    {
        using (value)
        {
            using var options = new RunOptions();
            using var results = session.Run(options, [input], [value], [session.OutputNames[0]]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
    }

    private static double Difference(float[] expected, float[] actual)
    {
        if (expected.Length != actual.Length)
            return double.NaN;
        var differences = expected.Zip(actual, (one, other) => (double)Math.Abs(one - other)).ToList();
        return differences.Exists(double.IsNaN) ? double.NaN : differences.Max();
    }
}
