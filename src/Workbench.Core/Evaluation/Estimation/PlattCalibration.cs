namespace Workbench.Evaluation.Estimation;

/// <summary>
/// p = 1 / (1 + exp(Slope · logit + Offset)) of the score's logit (Platt 1999, Advances in Large Margin Classifiers), so that
/// a score that comes true as it says stays as it is (Slope -1, Offset 0).
/// </summary>
/// <param name="Slope">Platt's A.</param>
/// <param name="Offset">Platt's B.</param>
public sealed record PlattCalibration(double Slope, double Offset) : IScoreCalibration
{
    private const int MostSteps = 100;
    private const double Ridge = 1e-12, SmallestGradient = 1e-8, SmallestStep = 1e-10, FarthestScore = 1e-12;

    /// <summary>
    /// Learns from labelled scores by Newton's method with a line search (Lin, Lin, Weng 2007, Machine Learning 68,
    /// 267-276). As Platt had it, labels are moved off 0 and 1 by as much as their number allows.
    /// </summary>
    /// <param name="scores">[N] in [0, 1], at least one.</param>
    /// <param name="positive">[N] whether the row was positive.</param>
    public static PlattCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length == 0 || scores.Length != positive.Length)
            throw new ArgumentException($"There are {scores.Length} scores and {positive.Length} labels; each row needs one of both, and one row at least.", nameof(scores));
        double[] logits = Array.ConvertAll(scores.ToArray(), Logit);
        int positives = positive.Count(true), negatives = positive.Length - positives;
        double high = (positives + 1.0) / (positives + 2), low = 1.0 / (negatives + 2);
        double[] targets = Array.ConvertAll(positive.ToArray(), one => one ? high : low);
        var (a, b) = (0.0, Math.Log((negatives + 1.0) / (positives + 1)));
        double loss = Loss(logits, targets, a, b);
        for (int step = 0; step < MostSteps; step++)
        {
            var (stepA, stepB, slope) = Newton(logits, targets, a, b);
            if (slope > -SmallestGradient * SmallestGradient)
                break;
            double size = 1, next;
            while ((next = Loss(logits, targets, a + size * stepA, b + size * stepB)) >= loss + 1e-4 * size * slope && size > SmallestStep)
                size /= 2;
            if (size <= SmallestStep)
                break;
            (a, b, loss) = (a + size * stepA, b + size * stepB, next);
        }
        return new(a, b);
    }

    /// <inheritdoc/>
    public double Apply(double score) => Sigmoid(Slope * Logit(score) + Offset);

    /// <summary>The step that leads to the minimum of a parabola through the loss, and how steeply the loss falls along it.</summary>
    private static (double A, double B, double Slope) Newton(double[] logits, double[] targets, double a, double b)
    {
        double h11 = Ridge, h22 = Ridge, h21 = 0, g1 = 0, g2 = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double p = Sigmoid(a * logits[i] + b), curvature = p * (1 - p), gradient = targets[i] - p;
            h11 += logits[i] * logits[i] * curvature;
            h22 += curvature;
            h21 += logits[i] * curvature;
            g1 += logits[i] * gradient;
            g2 += gradient;
        }
        double determinant = h11 * h22 - h21 * h21;
        double stepA = -(h22 * g1 - h21 * g2) / determinant, stepB = -(h11 * g2 - h21 * g1) / determinant;
        return (stepA, stepB, g1 * stepA + g2 * stepB);
    }

    private static double Loss(double[] logits, double[] targets, double a, double b)
    {
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double z = a * logits[i] + b;
            sum += z >= 0 ? targets[i] * z + Math.Log(1 + Math.Exp(-z)) : (targets[i] - 1) * z + Math.Log(1 + Math.Exp(z));
        }
        return sum;
    }

    // Platt's sigmoid falls with its argument.
    private static double Sigmoid(double z) => z >= 0 ? Math.Exp(-z) / (1 + Math.Exp(-z)) : 1 / (1 + Math.Exp(z));

    private static double Logit(double score)
    {
        double inside = Math.Clamp(score, FarthestScore, 1 - FarthestScore);
        return Math.Log(inside / (1 - inside));
    }
}
