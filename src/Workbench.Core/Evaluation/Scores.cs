using System.Globalization;
using Workbench.Data;

namespace Workbench.Evaluation;

/// <summary>Checks of the input, and scores that need no threshold.</summary>
internal static class Scores
{
    /// <summary>How far a row of float32 probabilities may sum from 1.</summary>
    private const double SumTolerance = 1e-3;

    public static void Check(float[] probabilities, float[] labels)
    {
        CheckLengths(probabilities.Length, labels.Length, "probabilities");
        CheckRows(labels.Length);
        CheckBinary(probabilities, labels);
    }

    public static void CheckBinary(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels)
    {
        CheckLengths(probabilities.Length, labels.Length, "probabilities");
        for (int row = 0; row < labels.Length; row++)
        {
            CheckProbability(probabilities[row], row);
            if (labels[row] is not (0 or 1))
                throw Refuse("label", labels[row], row, "0 or 1. Leave out rows whose label is not known yet.");
        }
    }

    public static void CheckClasses(float[] probabilities, float[] labels, int classes)
    {
        if (classes < 2)
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "There must be at least 2 classes.");
        CheckRows(labels.Length);
        CheckMulticlass(probabilities, labels, classes);
    }

    public static void CheckMulticlass(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels, int classes)
    {
        if (probabilities.Length != (long)labels.Length * classes)
            throw new ArgumentException($"There are {probabilities.Length} probabilities and {labels.Length} labels of {classes} classes; each row needs {classes} probabilities and one label.", nameof(labels));
        for (int row = 0; row < labels.Length; row++)
        {
            double sum = 0;
            foreach (float probability in probabilities.Slice(row * classes, classes))
            {
                CheckProbability(probability, row);
                sum += probability;
            }
            if (Math.Abs(sum - 1) > SumTolerance)
                throw Refuse("sum of the probabilities", (float)sum, row, "1. Apply a softmax to logits.");
            if (!(labels[row] >= 0 && labels[row] < classes) || labels[row] != MathF.Floor(labels[row]))
                throw Refuse("label", labels[row], row, $"a class index from 0 to {classes - 1}. Leave out rows whose label is not known yet.");
        }
    }

    public static void CheckNumbers(float[] predicted, float[] labels)
    {
        CheckLengths(predicted.Length, labels.Length, "predictions");
        CheckRows(labels.Length);
        CheckFinite("prediction", predicted);
        CheckFinite("label", labels);
    }

    public static void CheckFinite(string what, ReadOnlySpan<float> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            if (!float.IsFinite(values[row]))
                throw Refuse(what, values[row], row, "a finite number. Leave out rows without one, and look for missing inputs.");
        }
    }

    public static void CheckLengths(int values, int labels, string what)
    {
        if (values != labels)
            throw new ArgumentException($"There are {values} {what} and {labels} labels; each row needs one of both.", nameof(labels));
    }

    /// <summary>Weights are none (1 each), or one a row, finite and not negative.</summary>
    public static void CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        if (!weights.IsEmpty && weights.Length != rows)
            throw new ArgumentException($"There are {weights.Length} weights and {rows} rows; give one a row, or none for 1 each.", nameof(weights));
        for (int row = 0; row < weights.Length; row++)
        {
            if (!(weights[row] >= 0 && float.IsFinite(weights[row])))
                throw Refuse("weight", weights[row], row, "finite and not negative. Give 0 to leave a row out.");
        }
    }

    public static void CheckThreshold(double threshold)
    {
        if (!(threshold >= 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must lie in 0 to 1.");
    }

    public static void CheckSettings(double threshold, int samples)
    {
        CheckThreshold(threshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, Bootstrap.MinimumSamples);
    }

    public static double LogLoss(float[] probabilities, float[] labels)
    {
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
            sum += RowValues.LogLoss(probabilities[row], labels[row] == 1);
        return sum / labels.Length;
    }

    public static double Brier(float[] probabilities, float[] labels)
    {
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
            sum += RowValues.Square((double)probabilities[row] - labels[row]);
        return sum / labels.Length;
    }

    private static void CheckRows(int rows)
    {
        if (rows == 0)
            throw new DataException("Cannot evaluate on 0 rows. Widen the window.");
    }

    private static void CheckProbability(float probability, int row)
    {
        if (!(probability >= 0 && probability <= 1))
            throw Refuse("probability", probability, row, "between 0 and 1. Apply a sigmoid to logits, and look for missing inputs when it is NaN.");
    }

    private static DataException Refuse(string what, float value, int row, string needed)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return new($"The {what} of row {row + 1:N0} is {text}; it must be {needed}") { Value = text };
    }
}
