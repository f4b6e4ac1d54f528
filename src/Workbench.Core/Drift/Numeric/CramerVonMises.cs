using MathNet.Numerics.LinearAlgebra;

namespace Workbench.Drift.Numeric;

/// <summary>
/// The two-sample Cramér-von Mises test, T = nm/N² Σ h (F - G)² over the distinct values with their h rows of both sides
/// (Anderson 1962, Ann. Math. Statist. 33, 1148-1159), which is right with ties, too. The effect size is the largest gap D of
/// the two distribution functions.
/// </summary>
internal static class CramerVonMises
{
    // Up to this many rows a side the p-value counts all orders; scipy has the same limit.
    private const int ExactRows = 20;
    // A value with this part of all rows makes the limit distribution another one.
    private const double HeavyTie = 0.01;
    private const int Groups = 64;

    public static DriftMeasure Compare(MergedValues merged)
    {
        if (merged.Distinct < 2)
            return DriftMeasure.Untestable("All values are equal.");
        double t = Statistic(merged), gap = KolmogorovSmirnov.Distance(merged);
        if (Math.Max(merged.ReferenceCount, merged.CurrentCount) <= ExactRows)
            return new(t, CramerVonMisesCount.PValue(merged), gap);
        long total = merged.ReferenceCount + merged.CurrentCount, largest = merged.Reference.Zip(merged.Current, (a, b) => a + b).Max();
        double pValue = largest > 1 && largest >= HeavyTie * total
            ? WeightedChiSquares.Survival(t, Weights(merged, total))
            : Smooth(t, Mean(merged, total), merged.ReferenceCount, merged.CurrentCount);
        return new(t, pValue, gap);
    }

    /// <summary>T of scipy and Evidently, whose midranks are wrong with ties on sides of different size, and its limit p-value.</summary>
    public static DriftMeasure AsScipy(MergedValues merged)
    {
        double n = merged.ReferenceCount, m = merged.CurrentCount, count = n + m;
        if (Math.Min(n, m) < 2)
            return DriftMeasure.Untestable("A side has one row; Evidently stops with an error here.");
        double u = 0, belowReference = 0, belowCurrent = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            double a = merged.Reference[k], b = merged.Current[k], rank = belowReference + belowCurrent + (a + b + 1) / 2;
            u += n * SquaresFrom(rank - belowReference, a) + m * SquaresFrom(rank - belowCurrent, b);
            (belowReference, belowCurrent) = (belowReference + a, belowCurrent + b);
        }
        double t = u / (n * m * count) - (4 * n * m - 1) / (6 * count);
        double pValue = Math.Max(n, m) <= ExactRows ? CramerVonMisesCount.PValueOfRanks(u, (int)n, (int)m) : Smooth(t, (1 + 1 / count) / 6, n, m);
        return new(t, pValue, KolmogorovSmirnov.Distance(merged));
    }

    // Σ (from - i)² over i = 1 to rows.
    private static double SquaresFrom(double from, double rows) => rows * from * from - from * rows * (rows + 1) + rows * (rows + 1) * (2 * rows + 1) / 6;

    private static double Statistic(MergedValues merged)
    {
        double n = merged.ReferenceCount, m = merged.CurrentCount, sum = 0;
        long i = 0, j = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            i += merged.Reference[k];
            j += merged.Current[k];
            double gap = i / n - j / m;
            sum += (merged.Reference[k] + merged.Current[k]) * gap * gap;
        }
        return n * m / ((n + m) * (n + m)) * sum;
    }

    // Mean of T over all orders of the rows: Σ h C (N - C) / (N² (N - 1)) with C rows up to and with the value.
    private static double Mean(MergedValues merged, double total)
    {
        double sum = 0, up = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            double both = merged.Reference[k] + (double)merged.Current[k];
            up += both;
            sum += both / total * (up / total) * (total - up) / (total - 1);
        }
        return sum;
    }

    // T with mean and variance (without ties, Anderson's eq. 14) brought to those of the limit, 1/6 and 1/45.
    private static double Smooth(double t, double mean, double n, double m)
    {
        double total = n + m, product = n * m;
        double variance = (total + 1) * (4 * product * total - 3 * (n * n + m * m) - 2 * product) / (45 * total * total * 4 * product);
        return WeightedChiSquares.CramerVonMises(1.0 / 6 + (t - mean) / Math.Sqrt(45 * variance));
    }

    /// <summary>
    /// With heavy ties T tends to Σ λ Z²; the λ are the eigenvalues of the Brownian bridge's covariance at the distinct values,
    /// weighted by their rows. Values with few rows are taken together, and the sum of the λ is brought to the exact mean.
    /// </summary>
    private static List<double> Weights(MergedValues merged, double total)
    {
        var (shares, places) = Group(merged, total);
        var matrix = Matrix<double>.Build.Dense(shares.Count, shares.Count, (i, j) =>
            Math.Sqrt(shares[i] * shares[j]) * (Math.Min(places[i], places[j]) - places[i] * places[j]));
        var weights = matrix.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending().ToList();
        double scale = Mean(merged, total) / weights.Sum();
        return weights.TakeWhile(weight => weight > 1e-9 * weights[0]).Select(weight => weight * scale).ToList();
    }

    private static (List<double> Shares, List<double> Places) Group(MergedValues merged, double total)
    {
        var shares = new List<double>();
        var places = new List<double>();
        double up = 0, share = 0, place = 0;
        for (int k = 0; k < merged.Distinct; k++)
        {
            double both = (merged.Reference[k] + merged.Current[k]) / total;
            if (share > 0 && share + both > 1.0 / Groups)
                Close();
            up += both;
            share += both;
            place += both * up;
        }
        Close();
        return (shares, places);

        void Close()
        {
            shares.Add(share);
            places.Add(Math.Min(1, place / share));
            (share, place) = (0, 0);
        }
    }
}
