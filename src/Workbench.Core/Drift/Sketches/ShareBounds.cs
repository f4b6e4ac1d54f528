namespace Workbench.Drift.Sketches;

/// <summary>
/// Bounds of distances between shares that are known within ranges. Each distance is a sum of terms that are convex in both
/// shares and 0 where these are equal: over a rectangle a term is largest at a corner, and smallest at the corner nearest to
/// equality or, when the ranges overlap, 0.
/// </summary>
internal static class ShareBounds
{
    // A sum of a few dozen terms, each rounded.
    private const double Rounding = 1e-11;

    public static DriftMeasure PopulationStability(BoundedShares cells)
    {
        double smallest = Divergence.Smallest(cells.Guess);
        return Measure(cells, Divergence.PopulationStability, sum => sum, (p, q) =>
        {
            (p, q) = (Math.Max(p, smallest), Math.Max(q, smallest));
            return (q - p) * Math.Log(q / p);
        });
    }

    public static DriftMeasure JensenShannon(BoundedShares cells) => Measure(
        cells, Divergence.JensenShannon, sum => Math.Sqrt(Math.Clamp(sum / 2, 0, 1)),
        (p, q) => (p > 0 ? p * Math.Log2(2 * p / (p + q)) : 0) + (q > 0 ? q * Math.Log2(2 * q / (p + q)) : 0));

    public static DriftMeasure KullbackLeibler(BoundedShares cells)
    {
        double smallest = Divergence.Smallest(cells.Guess);
        return Measure(cells, Divergence.KullbackLeibler, sum => sum, (p, q) =>
        {
            (p, q) = (Math.Max(p, smallest), Math.Max(q, smallest));
            return p * Math.Log(p / q) - p + q;
        });
    }

    public static DriftMeasure Hellinger(BoundedShares cells) => Measure(
        cells, Divergence.Hellinger, sum => Math.Sqrt(Math.Clamp(sum / 2, 0, 1)), (p, q) => (Math.Sqrt(p) - Math.Sqrt(q)) * (Math.Sqrt(p) - Math.Sqrt(q)));

    /// <summary>The largest term in place of their sum.</summary>
    public static DriftMeasure LInfinity(BoundedShares cells) => Measure(cells, Divergence.LInfinity, largest => largest, (p, q) => Math.Abs(p - q), Math.Max);

    private static DriftMeasure Measure(
        BoundedShares cells, Func<ShareTable, double> distance, Func<double, double> finish, Func<double, double, double> term, Func<double, double, double>? combine = null)
    {
        double guess = distance(cells.Guess);
        if (cells.IsExact)
            return new(guess);
        if (!cells.AreCellsKnown)
            return new(guess) { Exactness = DriftExactness.Estimated };
        double lower = 0, upper = 0;
        for (int i = 0; i < cells.Reference.Length; i++)
        {
            var (p, q) = (Shares(cells.Reference[i], cells.Guess.ReferenceTotal), Shares(cells.Current[i], cells.Guess.CurrentTotal));
            double most = Math.Max(Math.Max(term(p.Least, q.Least), term(p.Least, q.Most)), Math.Max(term(p.Most, q.Least), term(p.Most, q.Most)));
            double least = p.Most < q.Least ? term(p.Most, q.Least) : q.Most < p.Least ? term(p.Least, q.Most) : 0;
            (lower, upper) = combine is null ? (lower + least, upper + most) : (combine(lower, least), combine(upper, most));
        }
        (lower, upper) = (finish(Math.Max(0, lower)) * (1 - Rounding), finish(upper) * (1 + Rounding));
        return new(Math.Clamp(guess, lower, upper)) { Bounds = (lower, upper), Exactness = DriftExactness.Bounded };
    }

    private static (double Least, double Most) Shares(CellRange range, long total) => ((double)range.Least / total, (double)range.Most / total);
}
