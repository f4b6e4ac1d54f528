namespace Workbench.Charts;

/// <summary>Points of the curves that show a classifier of two classes.</summary>
internal static class ClassifierCurves
{
    private const double Z = 1.959963984540054; // 97.5 % quantile of the normal distribution

    /// <summary>One point a distinct probability, from (0, 0) to (1, 1), and the area below by trapezoids, so that ties count half.</summary>
    public static (List<double> FalseRates, List<double> TrueRates, double Area) Roc(string model, float[] probabilities, float[] labels)
    {
        Check(model, probabilities, labels);
        int positives = labels.Count(label => label == 1), negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
            throw new ArgumentException($"The {labels.Length} rows of '{model}' are all of one class; a ROC curve needs both.");
        var order = Enumerable.Range(0, labels.Length).OrderByDescending(row => probabilities[row]).ToArray();
        List<double> falseRates = [0], trueRates = [0];
        double area = 0;
        int falsePositives = 0, truePositives = 0;
        for (int i = 0; i < order.Length; i++)
        {
            _ = labels[order[i]] == 1 ? truePositives++ : falsePositives++;
            if (i + 1 < order.Length && probabilities[order[i + 1]] == probabilities[order[i]])
                continue;
            falseRates.Add((double)falsePositives / negatives);
            trueRates.Add((double)truePositives / positives);
            area += (falseRates[^1] - falseRates[^2]) * (trueRates[^1] + trueRates[^2]) / 2;
        }
        return (falseRates, trueRates, area);
    }

    /// <summary>Rows by bins of equal width; empty bins are left out. Intervals are Wilson's (J. Am. Stat. Assoc. 22, 209-212, 1927), 95 %.</summary>
    public static List<(double Predicted, double Observed, double Lower, double Upper)> Calibration(string model, float[] probabilities, float[] labels, int bins)
    {
        Check(model, probabilities, labels);
        return [.. Enumerable.Range(0, labels.Length)
            .GroupBy(row => Math.Min(bins - 1, (int)(probabilities[row] * bins))).OrderBy(bin => bin.Key)
            .Select(bin => Point(bin.Average(row => (double)probabilities[row]), bin.Count(row => labels[row] == 1), bin.Count()))];
    }

    private static (double Predicted, double Observed, double Lower, double Upper) Point(double predicted, int positives, int rows)
    {
        double share = (double)positives / rows, scale = 1 / (1 + Z * Z / rows);
        double centre = (share + Z * Z / (2 * rows)) * scale;
        double half = Z * scale * Math.Sqrt(share * (1 - share) / rows + Z * Z / (4.0 * rows * rows));
        return (predicted, share, Math.Min(share, centre - half), Math.Max(share, centre + half));
    }

    private static void Check(string model, float[] probabilities, float[] labels)
    {
        if (probabilities.Length != labels.Length || labels.Length == 0)
            throw new ArgumentException($"'{model}' has {probabilities.Length} probabilities and {labels.Length} labels; give one of both a row, and at least one row.");
        int wrong = Array.FindIndex(probabilities, probability => !(probability is >= 0 and <= 1));
        if (wrong >= 0)
            throw new ArgumentException($"Probability {wrong + 1} of '{model}' is {probabilities[wrong]}; it must lie in 0 to 1.");
        wrong = Array.FindIndex(labels, label => label is not (0 or 1));
        if (wrong >= 0)
            throw new ArgumentException($"Label {wrong + 1} of '{model}' is {labels[wrong]}; it must be 0 or 1.");
    }
}
