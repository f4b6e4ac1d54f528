using System.Globalization;
using Workbench.Data;

namespace Workbench.Evaluation;

/// <summary>Checks of the input, and scores that need no threshold.</summary>
internal static class Scores
{
    public static void Check(float[] probabilities, float[] labels)
    {
        if (probabilities.Length != labels.Length)
            throw new ArgumentException($"There are {probabilities.Length} probabilities and {labels.Length} labels; each row needs one of both.", nameof(labels));
        if (labels.Length == 0)
            throw new DataException("Cannot evaluate on 0 rows. Widen the window.");
        for (int row = 0; row < labels.Length; row++)
        {
            if (!(probabilities[row] >= 0 && probabilities[row] <= 1))
                throw Refuse("probability", probabilities[row], row, "between 0 and 1. Apply a sigmoid to logits, and look for missing inputs when it is NaN.");
            if (labels[row] is not (0 or 1))
                throw Refuse("label", labels[row], row, "0 or 1. Leave out rows whose label is not known yet.");
        }
    }

    public static void CheckSettings(double threshold, int samples)
    {
        if (!(threshold >= 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must lie in 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, Bootstrap.MinimumSamples);
    }

    public static double LogLoss(float[] probabilities, float[] labels)
    {
        const double epsilon = 2.220446049250313e-16; // numpy's finfo(float64).eps, which scikit-learn clips with
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            double ofLabel = labels[row] == 1 ? probabilities[row] : 1 - (double)probabilities[row];
            sum -= Math.Log(Math.Clamp(ofLabel, epsilon, 1 - epsilon));
        }
        return sum / labels.Length;
    }

    public static double Brier(float[] probabilities, float[] labels)
    {
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
            sum += Math.Pow((double)probabilities[row] - labels[row], 2);
        return sum / labels.Length;
    }

    private static DataException Refuse(string what, float value, int row, string needed)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return new($"The {what} of row {row + 1:N0} is {text}; it must be {needed}") { Value = text };
    }
}
