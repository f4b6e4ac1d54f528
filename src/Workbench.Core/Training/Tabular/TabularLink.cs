using Workbench.Features;

namespace Workbench.Training.Tabular;

/// <summary>From a model's raw scores [N × O] to probabilities, [N] of class 1 or [N × C], or to values in the label's unit.</summary>
internal static class TabularLink
{
    /// <summary>Applies the task's link.</summary>
    /// <param name="scores">[N × O], row-major.</param>
    /// <param name="preprocessor">Task, classes and the label's scale.</param>
    /// <param name="isOneVersusRest">Whether the classes' scores come from models of their own, whose probabilities are divided by their sum, and not from one softmax.</param>
    public static float[] Apply(float[] scores, TabularPreprocessor preprocessor, bool isOneVersusRest) => preprocessor.Schema.TaskOrBinary switch
    {
        PredictionTask.Binary => Array.ConvertAll(scores, score => (float)Sigmoid(score)),
        PredictionTask.Regression => Array.ConvertAll(scores, score => score * preprocessor.LabelDeviation + preprocessor.LabelMean),
        _ => Shares(scores, preprocessor.Schema.Classes.Count, isOneVersusRest),
    };

    private static float[] Shares(float[] scores, int classes, bool isOneVersusRest)
    {
        var result = new float[scores.Length];
        var shares = new double[classes];
        for (int start = 0; start < scores.Length; start += classes)
        {
            float highest = scores.AsSpan(start, classes).ToArray().Max();
            for (int c = 0; c < classes; c++)
                shares[c] = isOneVersusRest ? Sigmoid(scores[start + c]) : Math.Exp(scores[start + c] - highest);
            double sum = shares.Sum();
            for (int c = 0; c < classes; c++)
                result[start + c] = (float)(shares[c] / sum);
        }
        return result;
    }

    private static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));
}
