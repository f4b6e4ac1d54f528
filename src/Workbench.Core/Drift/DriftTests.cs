using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>
/// The drift tests. The default thresholds are those of the Workbench preset, which judges by the size of a difference
/// and lets p-values only confirm it, because with enough rows every p-value is small. See the README of this folder.
/// </summary>
public static class DriftTests
{
    /// <summary>Names for <see cref="Named"/>.</summary>
    public static IReadOnlyList<string> Known { get; } = ["ks", "psi", "wasserstein", "js", "chi2", "l-infinity"];

    /// <summary>
    /// Numeric. Two-sample Kolmogorov-Smirnov: D is the largest distance of the two distribution functions, in [0, 1]. The
    /// p-value is exact up to 10,000 rows a side (lattice paths, as scipy's method='exact') and asymptotic beyond it
    /// (kstwo of nm/(n+m), as method='asymp'); ties make it too large, never too small. The effect size is D.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest Ks(double level = 0.05) => Level(new()
    {
        Name = "ks",
        Threshold = level,
        Direction = DriftDirection.PValueAtOrBelow,
        Numbers = pair => KolmogorovSmirnov.Compare(pair.Reference.Values, pair.Current.Values),
        Sketch = KolmogorovBounds.Compare,
    });

    /// <summary>
    /// Both kinds. Population stability index, Σ (q - p) ln(q / p), with p and q the shares of reference and current: by
    /// category, or by the bins that split the reference into equal parts (a value that fills a part alone has its own
    /// bin). A share counts as at least half a row of the smaller side and at least 0.0001, so that 0 is no infinity. 0.1 is usually read as a small change, 0.2 as a large
    /// one (Siddiqi, Credit Risk Scorecards, 2006).
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="bins">Parts of the reference for numbers; at least 2.</param>
    public static DriftTest Psi(double threshold = 0.2, int bins = 10) => Limit(new()
    {
        Name = "psi",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Numbers = pair => new(Divergence.PopulationStability(pair.Bins(bins))),
        Sketch = (pair, open) => ShareBounds.PopulationStability(QuantileCells.Of(pair, bins, open)),
        Categories = pair => new(Divergence.PopulationStability(pair.Counts)),
    }, bins);

    /// <summary>
    /// Numeric. Earth mover's distance of the two distributions in standard deviations of the reference (divisor n; of
    /// both sides together when the reference is constant). 0.2 is the mean shift that Cohen calls small (Statistical
    /// Power Analysis, 1988, d = 0.2).
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive, in standard deviations.</param>
    public static DriftTest Wasserstein(double threshold = 0.2) => Limit(new()
    {
        Name = "wasserstein",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Numbers = EarthMover.Compare,
        Sketch = EarthMoverBounds.Compare,
    });

    /// <summary>
    /// Both kinds. Jensen-Shannon distance: the square root of the divergence in bits, in [0, 1] (Lin 1991, IEEE Trans. Inf.
    /// Theory 37, 145-151), over the same shares as <see cref="Psi"/>.
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="bins">Parts of the reference for numbers; at least 2.</param>
    public static DriftTest JensenShannon(double threshold = 0.2, int bins = 10) => Limit(new()
    {
        Name = "js",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Numbers = pair => new(Divergence.JensenShannon(pair.Bins(bins))),
        Sketch = (pair, open) => ShareBounds.JensenShannon(QuantileCells.Of(pair, bins, open)),
        Categories = pair => new(Divergence.JensenShannon(pair.Counts)),
    }, bins);

    /// <summary>
    /// Categorical. Pearson's chi-squared of the two-by-k table, k - 1 degrees of freedom: both sides are samples, so an
    /// unseen category alone does not make the p-value 0. The effect size is Cramér's V, in [0, 1].
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest ChiSquared(double level = 0.05) => Level(new()
    {
        Name = "chi2",
        Threshold = level,
        Direction = DriftDirection.PValueAtOrBelow,
        Categories = pair => ContingencyTable.ChiSquared(pair.Counts),
    });

    /// <summary>Categorical. The largest change of one category's share, in [0, 1].</summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest LInfinity(double threshold = 0.1) => Limit(new()
    {
        Name = "l-infinity",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Categories = pair => new(Divergence.LInfinity(pair.Counts)),
    });

    /// <summary>The test of that name with its default threshold.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the known ones.</exception>
    public static DriftTest Named(string name) => Find(name) ?? throw new ArgumentException(Unknown(name, ""), nameof(name));

    internal static DriftTest? Find(string name) => name switch
    {
        "ks" => Ks(),
        "psi" => Psi(),
        "wasserstein" => Wasserstein(),
        "js" => JensenShannon(),
        "chi2" => ChiSquared(),
        "l-infinity" => LInfinity(),
        _ => null,
    };

    internal static string Unknown(string name, string forColumn) => $"Unknown drift test '{name}'{forColumn}. Known: {string.Join(", ", Known)}.";

    internal static IReadOnlyList<DriftTest> Preset(DriftColumnKind kind) => kind == DriftColumnKind.Numeric
        ? [Psi(), Wasserstein(), Ks() with { Role = DriftRole.Confirms }, JensenShannon() with { Role = DriftRole.Informs }]
        : [Psi(), ChiSquared() with { Role = DriftRole.Confirms }, JensenShannon() with { Role = DriftRole.Informs }, LInfinity() with { Role = DriftRole.Informs }];

    private static DriftTest Level(DriftTest test)
    {
        if (!(test.Threshold > 0 && test.Threshold < 1))
            throw new ArgumentOutOfRangeException("level", test.Threshold, $"The level of '{test.Name}' is a p-value and lies between 0 and 1, such as 0.05.");
        return test;
    }

    private static DriftTest Limit(DriftTest test, int bins = 2)
    {
        if (!(test.Threshold > 0 && double.IsFinite(test.Threshold)))
            throw new ArgumentOutOfRangeException("threshold", test.Threshold, $"The threshold of '{test.Name}' is positive and finite.");
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        return test;
    }
}
