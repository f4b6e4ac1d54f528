using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>
/// What a model said of labelled rows: the input of metrics, slices, fairness and the gate. Checked when made, never
/// changed after. N rows, C classes.
/// </summary>
public sealed class Predictions
{
    private Predictions(PredictionTask task, double[] scores, double[] labels, int classes, double threshold) =>
        (Task, Scores, Labels, Classes, Threshold) = (task, scores, labels, classes, threshold);

    /// <summary>What is predicted.</summary>
    public PredictionTask Task { get; }
    /// <summary>N.</summary>
    public int Rows => Labels.Length;
    /// <summary>C; 2 for binary predictions, 0 for numbers.</summary>
    public int Classes { get; }
    /// <summary>Binary: a row is predicted 1 from this probability on.</summary>
    public double Threshold { get; }

    /// <summary>[N], or row-major [N × C] for several classes.</summary>
    internal double[] Scores { get; }
    /// <summary>[N].</summary>
    internal double[] Labels { get; }

    /// <summary>Probabilities of class 1.</summary>
    /// <param name="probabilities">[N] in [0, 1].</param>
    /// <param name="labels">[N] of 0 or 1.</param>
    /// <param name="threshold">Predicted 1 from here on, in [0, 1]; default 0.5.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or the threshold is out of range.</exception>
    /// <exception cref="Data.DataException">There are no rows, or a probability or label is none; names the row.</exception>
    public static Predictions Binary(float[] probabilities, float[] labels, double threshold = 0.5)
    {
        Evaluation.Scores.Check(probabilities, labels);
        Evaluation.Scores.CheckThreshold(threshold);
        return new(PredictionTask.Binary, Widen(probabilities), Widen(labels), 2, threshold);
    }

    /// <summary>Probabilities of C classes.</summary>
    /// <param name="probabilities">Row-major [N × C] in [0, 1]; each row sums to 1.</param>
    /// <param name="labels">[N] class indices from 0 to C - 1.</param>
    /// <param name="classes">C, at least 2.</param>
    /// <exception cref="ArgumentException">The arrays do not fit.</exception>
    /// <exception cref="Data.DataException">There are no rows, or a probability or label is none; names the row.</exception>
    public static Predictions Multiclass(float[] probabilities, float[] labels, int classes)
    {
        Evaluation.Scores.CheckClasses(probabilities, labels, classes);
        return new(PredictionTask.Multiclass, Widen(probabilities), Widen(labels), classes, 0.5);
    }

    /// <summary>Predicted numbers.</summary>
    /// <param name="predicted">[N], finite.</param>
    /// <param name="labels">[N], finite.</param>
    /// <exception cref="ArgumentException">The arrays differ in length.</exception>
    /// <exception cref="Data.DataException">There are no rows, or a number is not finite; names the row.</exception>
    public static Predictions Regression(float[] predicted, float[] labels)
    {
        Evaluation.Scores.CheckNumbers(predicted, labels);
        return new(PredictionTask.Regression, Widen(predicted), Widen(labels), 0, 0.5);
    }

    /// <summary>The rows at these places (from 0), in that order.</summary>
    internal Predictions Select(IReadOnlyList<int> rows)
    {
        int width = Scores.Length / Labels.Length;
        var scores = new double[rows.Count * width];
        for (int i = 0; i < rows.Count; i++)
            Scores.AsSpan(rows[i] * width, width).CopyTo(scores.AsSpan(i * width));
        return new(Task, scores, [.. rows.Select(row => Labels[row])], Classes, Threshold);
    }

    /// <summary>Scores of one row.</summary>
    internal ReadOnlySpan<double> Row(int row) => Scores.AsSpan(row * (Scores.Length / Labels.Length), Scores.Length / Labels.Length);

    /// <summary>Class that is predicted for a row: from the threshold, or the first of the most probable.</summary>
    internal int Predicted(int row) => Task == PredictionTask.Binary ? Scores[row] >= Threshold ? 1 : 0 : RowValues.Largest(Row(row));

    private static double[] Widen(float[] values) => Array.ConvertAll(values, value => (double)value);
}
