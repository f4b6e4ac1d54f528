using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

// Tests of numeric columns.
public static partial class DriftTests
{
    /// <summary>
    /// Numeric. Two-sample Kolmogorov-Smirnov: D is the largest distance of the two distribution functions, in [0, 1]. The
    /// p-value is exact up to 10,000 rows a side (lattice paths, as scipy's method='exact') and asymptotic beyond it
    /// (kstwo of nm/(n+m), as method='asymp'); ties make it too large, never too small. The effect size is D.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest Ks(double level = 0.05) => ByLevel("ks", level, KolmogorovSmirnov.Compare) with
    {
        Numbers = pair => KolmogorovSmirnov.Compare(pair.Reference.Values, pair.Current.Values),
        Sketch = KolmogorovBounds.Compare,
    };

    /// <summary>
    /// Numeric. Earth mover's distance of the two distributions in standard deviations of the reference (divisor n; of
    /// both sides together when the reference is constant). 0.2 is the mean shift that Cohen calls small (Statistical
    /// Power Analysis, 1988, d = 0.2).
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive, in standard deviations.</param>
    public static DriftTest Wasserstein(double threshold = 0.2) => ByLimit("wasserstein", threshold, EarthMover.Compare) with
    {
        Numbers = EarthMover.Compare,
        Sketch = EarthMoverBounds.Compare,
    };

    /// <summary>Numeric. Earth mover's distance in the unit of the column.</summary>
    /// <param name="threshold">Drift at or above it; positive. By default nothing drifts and the distance is only shown, since no threshold fits every unit.</param>
    public static DriftTest WassersteinRaw(double threshold = double.MaxValue) =>
        ByLimit("wasserstein-raw", threshold, merged => new(EarthMover.Distance(merged))) with
        {
            Role = threshold < double.MaxValue ? DriftRole.Decides : DriftRole.Informs,
            Numbers = pair => new(EarthMover.Distance(pair.Reference.Values, pair.Current.Values)),
            Sketch = (pair, open) => EarthMoverBounds.Raw(pair, open),
        };

    /// <summary>
    /// Numeric. Energy distance √(2 ∫ (F - G)² dx) of the values in standard deviations of the reference (of both sides together
    /// when the reference is constant); Székely and Rizzo 2013. A shift of a bell curve by 0.2 gives 0.15. The effect size is the
    /// coefficient of inhomogeneity, in [0, 1].
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest Energy(double threshold = 0.15) => ByLimit("energy", threshold, EnergyDistance.Normed);

    /// <summary>
    /// Numeric. Anderson-Darling test of two samples with midranks (Scholz and Stephens 1987): more weight to the tails than
    /// <see cref="Ks"/>. The statistic is standardised: 0 is what chance gives on average. The p-value is interpolated between
    /// 0.001 and 0.25, as scipy's; the effect size is D of <see cref="Ks"/>.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest AndersonDarling(double level = 0.05) => ByLevel("anderson-darling", level, Numeric.AndersonDarling.Compare);

    /// <summary>
    /// Numeric. Cramér-von Mises test, T = nm/N² Σ h (F - G)² over the distinct values with h rows each, right with ties. The
    /// p-value counts all orders up to 20 rows a side and comes from the limit distribution beyond, that of tied values where a
    /// value holds 1 % of the rows; the effect size is D of <see cref="Ks"/>.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest CramerVonMises(double level = 0.05) => ByLevel("cramer-von-mises", level, Numeric.CramerVonMises.Compare);

    /// <summary>
    /// Numeric. Mann-Whitney test, two-sided and tie-corrected: U in standard deviations from its mean. The p-value counts orders
    /// when a side has at most 8 rows, nothing is tied, and n m is at most 4,000; else it is normal with continuity correction. The effect size
    /// is Cliff's delta, P(current &gt; reference) - P(current &lt; reference), with Cliff's 95 % interval.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest MannWhitney(double level = 0.05) => ByLevel("mann-whitney", level, RankSum.TwoSided);

    /// <summary>
    /// Numeric. Student's t-test of the means, one variance for both sides, two-sided. The effect size is Cohen's d with its 95 %
    /// interval. Sees the mean only.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest StudentT(double level = 0.05) => ByLevel("t", level, merged => TTest.Pooled(merged.ReferenceSide, merged.CurrentSide)) with
    {
        Numbers = pair => TTest.Pooled(pair.Reference, pair.Current),
    };

    /// <summary>
    /// Numeric. Welch's t-test of the means, a variance a side, two-sided. The effect size is Cohen's d with its 95 % interval.
    /// Sees the mean only.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest Welch(double level = 0.05) => ByLevel("welch", level, merged => TTest.Welch(merged.ReferenceSide, merged.CurrentSide)) with
    {
        Numbers = pair => TTest.Welch(pair.Reference, pair.Current),
    };

    /// <summary>
    /// Numeric. Epps-Singleton test of the characteristic functions at 0.4 and 0.8 half interquartile ranges; needs five rows a
    /// side. The effect size is D of <see cref="Ks"/>.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest EppsSingleton(double level = 0.05) => ByLevel("epps-singleton", level, Numeric.EppsSingleton.Compare);

    private static DriftTest ByLevel(string name, double level, Func<MergedValues, DriftMeasure> values) => Level(new()
    {
        Name = name,
        Threshold = level,
        Direction = DriftDirection.PValueAtOrBelow,
        Values = values,
    });

    private static DriftTest ByLimit(string name, double threshold, Func<MergedValues, DriftMeasure> values) => Limit(new()
    {
        Name = name,
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Values = values,
    });
}
