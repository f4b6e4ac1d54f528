using Workbench.Data;
using Workbench.Features;

namespace Workbench.Training.Tabular;

/// <summary>How much a row of each class counts.</summary>
internal static class ClassWeighting
{
    /// <summary>[C] weights, or null when all rows count the same.</summary>
    /// <exception cref="DataException">Weights are given for another number of classes, or for a regression.</exception>
    public static IReadOnlyList<float>? For(TabularData training, TabularTrainingOptions options)
    {
        if (options.ClassWeights.Count == 0 && !options.BalanceClasses)
            return null;
        var (task, label) = (training.Schema.TaskOrBinary, training.Schema.Label);
        if (task == PredictionTask.Regression)
            throw new DataException($"Class weights were given, and '{label}' is a regression's label. Leave out {nameof(options.ClassWeights)} and {nameof(options.BalanceClasses)}, or set the schema's task.") { Column = label };
        int classes = task == PredictionTask.Binary ? 2 : training.Schema.Classes.Count;
        if (options.BalanceClasses)
            return Balanced(training.Labels, classes);
        return options.ClassWeights.Count == classes
            ? [.. options.ClassWeights.Select(weight => (float)weight)]
            : throw new DataException($"{nameof(options.ClassWeights)} has {options.ClassWeights.Count} weights, and '{label}' has {classes} classes: {string.Join(", ", task == PredictionTask.Binary ? ["0", "1"] : training.Schema.Classes)}. Give one for each, in that order.") { Column = label };
    }

    /// <summary>[C] weights N / (C · N_c), scikit-learn's "balanced"; a class without training rows counts as one with one row.</summary>
    public static List<float> Balanced(float[] labels, int classes)
    {
        var counts = new int[classes];
        foreach (float label in labels)
            counts[(int)label]++;
        return [.. counts.Select(count => (float)(labels.Length / ((double)classes * Math.Max(1, count))))];
    }
}
