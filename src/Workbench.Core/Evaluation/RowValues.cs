namespace Workbench.Evaluation;

/// <summary>What one row adds to a metric that is a mean over rows.</summary>
internal static class RowValues
{
    private const double Epsilon = 2.220446049250313e-16; // numpy's finfo(float64).eps, which scikit-learn clips with

    /// <summary>-ln p(label), natural logarithm, with probabilities kept away from 0 and 1 and the row scaled to sum 1 as scikit-learn does.</summary>
    public static double LogLoss(ReadOnlySpan<double> probabilities, int label)
    {
        double sum = 0;
        foreach (double probability in probabilities)
            sum += Clip(probability);
        return -Math.Log(Clip(probabilities[label]) / sum);
    }

    /// <summary>The same of a probability of class 1.</summary>
    public static double LogLoss(double probability, bool positive) => -Math.Log(Clip(positive ? probability : 1 - probability));

    /// <summary>Sum over the classes of (probability - [class is the label])² (Brier 1950): 0 to 2.</summary>
    public static double Brier(ReadOnlySpan<double> probabilities, int label)
    {
        double sum = 0;
        for (int c = 0; c < probabilities.Length; c++)
            sum += Square(probabilities[c] - (c == label ? 1 : 0));
        return sum;
    }

    /// <summary>1 when the label is among the k most probable classes; of equal ones the later class ranks first, as in scikit-learn.</summary>
    public static double TopK(ReadOnlySpan<double> probabilities, int label, int k)
    {
        int before = 0;
        for (int c = 0; c < probabilities.Length; c++)
            before += probabilities[c] > probabilities[label] || (c > label && probabilities[c] == probabilities[label]) ? 1 : 0;
        return before < k ? 1 : 0;
    }

    /// <summary>The first of the most probable classes.</summary>
    public static int Largest(ReadOnlySpan<double> probabilities)
    {
        int best = 0;
        for (int c = 1; c < probabilities.Length; c++)
            best = probabilities[c] > probabilities[best] ? c : best;
        return best;
    }

    /// <summary>|error| / |label|, the label kept 2.2E-16 away from 0 as scikit-learn does, so that a label of 0 gives a huge number.</summary>
    public static double PercentageError(double predicted, double label) => Math.Abs(predicted - label) / Math.Max(Math.Abs(label), Epsilon);

    /// <summary>2 |error| / (|label| + |predicted|): 0 to 2, and 0 when both are 0.</summary>
    public static double SymmetricPercentageError(double predicted, double label) =>
        predicted == label ? 0 : 2 * Math.Abs(predicted - label) / (Math.Abs(label) + Math.Abs(predicted));

    /// <summary>Pinball loss of a predicted quantile (Koenker and Bassett 1978).</summary>
    public static double Pinball(double predicted, double label, double quantile) =>
        label >= predicted ? quantile * (label - predicted) : (1 - quantile) * (predicted - label);

    public static double Square(double value) => value * value;

    private static double Clip(double probability) => Math.Clamp(probability, Epsilon, 1 - Epsilon);
}
