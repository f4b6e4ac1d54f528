using Workbench.Data;
using Workbench.Features;
using Workbench.Training.Tabular;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Preprocessed rows as tensors on the training device: numbers [N × D], codes [N × K], labels [N × 1], or classes [N] of int64.</summary>
internal sealed record TrainingRows(Tensor Numeric, Tensor Codes, Tensor Labels)
{
    /// <summary>Name of the share of rows whose most probable class is theirs.</summary>
    public const string Accuracy = "accuracy";
    private const long JudgedAtOnce = 4_096;   // bounds the memory of a transformer's attention

    /// <summary>N.</summary>
    public long Count => Labels.shape[0];

    /// <summary>Moves rows to the device, once.</summary>
    public static TrainingRows From(TabularData data, TabularPreprocessor preprocessor, Device device) => new(
        tensor(preprocessor.TransformNumeric(data), [data.Rows, preprocessor.NumericWidth]).to(device),
        tensor(preprocessor.TransformCategorical(data), [data.Rows, data.Schema.Categorical.Count]).to(device),
        Targets(data, preprocessor).to(device));

    private static Tensor Targets(TabularData data, TabularPreprocessor preprocessor) => preprocessor.Schema.TaskOrBinary switch
    {
        PredictionTask.Multiclass => tensor(Array.ConvertAll(data.Labels, label => (long)label)),
        PredictionTask.Regression => tensor(Array.ConvertAll(data.Labels, label => (label - preprocessor.LabelMean) / preprocessor.LabelDeviation), [data.Rows, 1]),
        _ => tensor(data.Labels, [data.Rows, 1]),
    };

    /// <summary>Mean loss over all rows and, of classes, the share whose most probable class is theirs.</summary>
    public ValidationResult Judge(nn.Module<Tensor, Tensor, Tensor> network, TabularLoss tabularLoss)
    {
        double totalLoss = 0, totalWeight = 0;
        long? right = null;
        for (long start = 0; start < Count; start += JudgedAtOnce)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(JudgedAtOnce, Count - start);
            var labels = Labels.narrow(0, start, length);
            var outputs = network.forward(Numeric.narrow(0, start, length), Codes.narrow(0, start, length));   // [B, O]
            var (loss, weight) = tabularLoss.Sums(outputs, labels);
            totalLoss += loss.item<float>();
            totalWeight += weight.item<float>();
            if (tabularLoss.Right(outputs, labels) is { } count)
                right = (right ?? 0) + count.item<long>();
        }
        return new(totalLoss / totalWeight, right is { } rows ? new Dictionary<string, double> { [Accuracy] = rows / (double)Count } : null);
    }

    /// <summary>Refuses rows that cannot be trained on.</summary>
    public static void Check(TabularData training, TabularData validation)
    {
        if (!training.Schema.Inputs.Any())
            throw new DataException("The feature schema names no input column. Name at least one numeric or categorical column.");
        CheckRows(training, "training");
        CheckRows(validation, "validation");
        if (!validation.Schema.Inputs.SequenceEqual(training.Schema.Inputs))
            throw new DataException(
                $"The validation rows have the columns {string.Join(", ", validation.Schema.Inputs)}, the training rows {string.Join(", ", training.Schema.Inputs)}. Read both with one schema.");
        if (training.Labels.Distinct().Count() == 1)
            throw new DataException(
                $"All {training.Rows:N0} training labels in '{training.Schema.Label}' are {Name(training.Schema, training.Labels[0])}; there is nothing to learn. Widen the training window{(training.Schema.Positive is { } positive ? $", or correct the positive value '{positive}'" : "")}.")
            { Column = training.Schema.Label };
    }

    private static void CheckRows(TabularData data, string role)
    {
        if (data.Rows == 0)
            throw new DataException($"There are 0 {role} rows. Widen the {role} window.");
        if (data.Labels.Length != data.Rows)
            throw new DataException($"The {role} data have {data.Rows:N0} rows and {data.Labels.Length:N0} labels in '{data.Schema.Label}'. Give every row a label.")
            { Column = data.Schema.Label };
        int label = Array.FindIndex(data.Labels, value => !IsAllowed(data.Schema, value));
        if (label >= 0)
            throw new DataException($"Label '{data.Schema.Label}' of {role} row {label:N0} is {data.Labels[label]}; allowed {Allowed(data.Schema)}.")
            { Column = data.Schema.Label, Value = $"{data.Labels[label]}" };
        int infinite = Array.FindIndex(data.Numeric, float.IsInfinity);
        if (infinite >= 0)
            throw new DataException(
                $"Column '{data.Schema.Numeric[infinite % data.Schema.Numeric.Count]}' of {role} row {infinite / data.Schema.Numeric.Count:N0} is infinite. Write a missing value, or a finite one.")
            { Column = data.Schema.Numeric[infinite % data.Schema.Numeric.Count], Value = $"{data.Numeric[infinite]}" };
    }

    private static bool IsAllowed(FeatureSchema schema, float label) => schema.TaskOrBinary switch
    {
        PredictionTask.Binary => label is 0f or 1f,
        PredictionTask.Multiclass => label >= 0 && label < schema.Classes.Count && label == MathF.Floor(label),
        _ => float.IsFinite(label),
    };

    private static string Allowed(FeatureSchema schema) => schema.TaskOrBinary switch
    {
        PredictionTask.Binary => "are 0 and 1, where the schema names no other task",
        PredictionTask.Multiclass => $"are the indexes 0 to {schema.Classes.Count - 1} of the schema's classes",
        _ => "are finite numbers",
    };

    private static string Name(FeatureSchema schema, float label) =>
        schema.TaskOrBinary == PredictionTask.Multiclass ? $"'{schema.Classes[(int)label]}'" : label.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
