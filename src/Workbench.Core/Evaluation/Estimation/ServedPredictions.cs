using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation.Estimation;

/// <summary>
/// What a served model said of rows whose labels may not have arrived: the input of <see cref="PerformanceEstimator"/>.
/// Checked when made, never changed after. N rows in the order of time, C classes; a label that is not known yet is NaN.
/// <see cref="Predictions"/> are taken for it, with all their labels.
/// </summary>
public sealed class ServedPredictions
{
    private ServedPredictions(PredictionTask task, double[] scores, double[] labels, int classes, double threshold, TabularData? inputs) =>
        (Task, Scores, Labels, Classes, Threshold, Inputs) = (task, scores, labels, classes, threshold, inputs);

    /// <summary>What is predicted.</summary>
    public PredictionTask Task { get; }
    /// <summary>N.</summary>
    public int Rows => Labels.Length;
    /// <summary>C; 2 for binary predictions, 0 for numbers.</summary>
    public int Classes { get; }
    /// <summary>Binary: a row is predicted 1 from this probability on.</summary>
    public double Threshold { get; }
    /// <summary>Rows whose label is known.</summary>
    public int Labelled => Labels.Count(label => !double.IsNaN(label));

    /// <summary>[N] numbers; [N × C] probabilities of the classes otherwise, two for binary ones as well.</summary>
    internal double[] Scores { get; }
    /// <summary>[N]; NaN where not known.</summary>
    internal double[] Labels { get; }
    /// <summary>[N] what the model was asked, for regressions; or null.</summary>
    internal TabularData? Inputs { get; }

    /// <summary>Probabilities of class 1.</summary>
    /// <param name="probabilities">[N] in [0, 1].</param>
    /// <param name="labels">[N] of 0, 1 or NaN (not known yet); null when none is known.</param>
    /// <param name="threshold">Predicted 1 from here on, in [0, 1]; default 0.5.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or the threshold is out of range.</exception>
    /// <exception cref="DataException">There are no rows, or a value is none; names the row.</exception>
    public static ServedPredictions Binary(float[] probabilities, float[]? labels = null, double threshold = 0.5)
    {
        Evaluation.Scores.Check(probabilities, Known(labels, probabilities.Length));
        Evaluation.Scores.CheckThreshold(threshold);
        var scores = new double[2 * probabilities.Length];
        for (int row = 0; row < probabilities.Length; row++)
            (scores[2 * row], scores[2 * row + 1]) = (1 - (double)probabilities[row], probabilities[row]);
        return new(PredictionTask.Binary, scores, Widen(labels, probabilities.Length), 2, threshold, null);
    }

    /// <summary>Probabilities of C classes.</summary>
    /// <param name="probabilities">Row-major [N × C] in [0, 1]; each row sums to 1.</param>
    /// <param name="classes">C, at least 2.</param>
    /// <param name="labels">[N] class indices, or NaN (not known yet); null when none is known.</param>
    /// <exception cref="ArgumentException">The arrays do not fit.</exception>
    /// <exception cref="DataException">There are no rows, or a value is none; names the row.</exception>
    public static ServedPredictions Multiclass(float[] probabilities, int classes, float[]? labels = null)
    {
        int rows = labels?.Length ?? probabilities.Length / Math.Max(1, classes);
        Evaluation.Scores.CheckClasses(probabilities, Known(labels, rows), classes);
        return new(PredictionTask.Multiclass, Array.ConvertAll(probabilities, value => (double)value), Widen(labels, rows), classes, 0.5, null);
    }

    /// <summary>Predicted numbers.</summary>
    /// <param name="predicted">[N], finite.</param>
    /// <param name="inputs">[N] what the model was asked; without it the size of an error is told from the prediction alone.</param>
    /// <param name="labels">[N], finite or NaN (not known yet); null when none is known.</param>
    /// <exception cref="ArgumentException">The arrays differ in length.</exception>
    /// <exception cref="DataException">There are no rows, or a number is not finite; names the row.</exception>
    public static ServedPredictions Regression(float[] predicted, TabularData? inputs = null, float[]? labels = null)
    {
        Evaluation.Scores.CheckNumbers(predicted, Known(labels, predicted.Length));
        if (inputs is not null && inputs.Rows != predicted.Length)
            throw new ArgumentException($"There are {predicted.Length} predictions and {inputs.Rows} rows of inputs; each row needs one of both.", nameof(inputs));
        return new(PredictionTask.Regression, Array.ConvertAll(predicted, value => (double)value), Widen(labels, predicted.Length), 0, 0.5, inputs);
    }

    /// <summary>The same rows with all their labels.</summary>
    public static implicit operator ServedPredictions(Predictions predictions) => predictions.Task == PredictionTask.Binary
        ? new(predictions.Task, [.. predictions.Scores.SelectMany(score => new[] { 1 - score, score })], predictions.Labels, 2, predictions.Threshold, null)
        : new(predictions.Task, predictions.Scores, predictions.Labels, predictions.Classes, predictions.Threshold, null);

    /// <summary>Scores of one row.</summary>
    internal ReadOnlySpan<double> Row(int row) => Scores.AsSpan(row * Math.Max(1, Classes), Math.Max(1, Classes));

    // A label that is not known yet passes every check as class 0.
    private static float[] Known(float[]? labels, int rows) => labels is null ? new float[rows] : Array.ConvertAll(labels, label => float.IsNaN(label) ? 0 : label);

    private static double[] Widen(float[]? labels, int rows) =>
        labels is null ? [.. Enumerable.Repeat(double.NaN, rows)] : Array.ConvertAll(labels, label => (double)label);
}
