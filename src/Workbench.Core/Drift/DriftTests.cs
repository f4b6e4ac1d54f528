using Workbench.Drift.Numeric;
using Workbench.Drift.Presets;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>
/// The drift tests. The default thresholds are those of the Workbench preset, which judges by the size of a difference
/// and lets p-values only confirm it, because with enough rows every p-value is small. See docs/drift.md. Signed values are
/// positive where the current rows are larger.
/// </summary>
public static partial class DriftTests
{
    /// <summary>Names for <see cref="Named(string)"/>.</summary>
    public static IReadOnlyList<string> Known { get; } = KnownIn(DriftPreset.Workbench);

    /// <summary>The test of that name with its default threshold.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the known ones.</exception>
    public static DriftTest Named(string name) => Named(name, DriftPreset.Workbench);

    /// <summary>The test that a preset knows by that name; the compatible presets use the names of their models.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the known ones.</exception>
    public static DriftTest Named(string name, DriftPreset preset) =>
        PresetRules.Of(preset).Find(name) ?? throw new ArgumentException(PresetRules.Of(preset).Unknown(name, ""), nameof(name));

    /// <summary>Names of a preset's tests.</summary>
    public static IReadOnlyList<string> KnownIn(DriftPreset preset) => PresetRules.Of(preset).Known;

    /// <summary>
    /// Both kinds. Population stability index, Σ (q - p) ln(q / p), with p and q the shares of reference and current: by
    /// category, or by the bins that split the reference into equal parts (a value that fills a part alone has its own
    /// bin). A share counts as at least half a row of the smaller side and at least 0.0001, so that 0 is no infinity. 0.1 is
    /// usually read as a small change, 0.2 as a large one (Siddiqi, Credit Risk Scorecards, 2006).
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="bins">Parts of the reference for numbers; at least 2.</param>
    public static DriftTest Psi(double threshold = 0.2, int bins = 10) => OfShares("psi", threshold, bins, Divergence.PopulationStability, ShareBounds.PopulationStability);

    /// <summary>
    /// Both kinds. Jensen-Shannon distance: the square root of the divergence in bits, in [0, 1] (Lin 1991, IEEE Trans. Inf.
    /// Theory 37, 145-151), over the same shares as <see cref="Psi"/>.
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="bins">Parts of the reference for numbers; at least 2.</param>
    public static DriftTest JensenShannon(double threshold = 0.2, int bins = 10) => OfShares("js", threshold, bins, Divergence.JensenShannon, ShareBounds.JensenShannon);

    /// <summary>
    /// Both kinds. Kullback-Leibler divergence of the current from the reference shares, Σ p ln(p / q) in nats, over the same
    /// shares as <see cref="Psi"/> and with its smallest share. For small changes about half the PSI.
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="bins">Parts of the reference for numbers; at least 2.</param>
    public static DriftTest KullbackLeibler(double threshold = 0.1, int bins = 10) => OfShares("kl", threshold, bins, Divergence.KullbackLeibler, ShareBounds.KullbackLeibler);

    /// <summary>
    /// Both kinds. Hellinger distance √(½ Σ (√p - √q)²), in [0, 1], over the same shares as <see cref="Psi"/>. For small changes
    /// its square is about an eighth of the PSI, so that 0.15 stands beside 0.2.
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="bins">Parts of the reference for numbers; at least 2.</param>
    public static DriftTest Hellinger(double threshold = 0.15, int bins = 10) => OfShares("hellinger", threshold, bins, Divergence.Hellinger, ShareBounds.Hellinger);

    /// <summary>Both kinds. The largest change of one category's share, or of one bin's (those of <see cref="Psi"/>), in [0, 1].</summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="bins">Parts of the reference for numbers; at least 2.</param>
    public static DriftTest LInfinity(double threshold = 0.1, int bins = 10) => OfShares("l-infinity", threshold, bins, Divergence.LInfinity, ShareBounds.LInfinity);

    internal static IReadOnlyList<DriftTest> Preset(DriftColumnKind kind) => kind == DriftColumnKind.Numeric
        ? [Psi(), Wasserstein(), Ks() with { Role = DriftRole.Confirms }, JensenShannon() with { Role = DriftRole.Informs }]
        : [Psi(), ChiSquared() with { Role = DriftRole.Confirms }, JensenShannon() with { Role = DriftRole.Informs }, LInfinity() with { Role = DriftRole.Informs }];

    // A distance of shares: of categories, or of bins between the reference's quantiles.
    private static DriftTest OfShares(string name, double threshold, int bins, Func<ShareTable, double> distance, Func<BoundedShares, DriftMeasure> bounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        return Limit(new()
        {
            Name = name,
            Threshold = threshold,
            Direction = DriftDirection.StatisticAtOrAbove,
            Numbers = pair => new(distance(NumericBins.ByQuantiles(pair.Reference, pair.Current, bins))),
            Values = merged => new(distance(NumericBins.ByQuantiles(merged.ReferenceSide, merged.CurrentSide, bins))),
            Sketch = (pair, open) => bounds(QuantileCells.Of(pair, bins, open)),
            Categories = pair => new(distance(pair.Counts)),
        });
    }

    private static DriftTest Level(DriftTest test)
    {
        if (!(test.Threshold > 0 && test.Threshold < 1))
            throw new ArgumentOutOfRangeException("level", test.Threshold, $"The level of '{test.Name}' is a p-value and lies between 0 and 1, such as 0.05.");
        return test;
    }

    private static DriftTest Limit(DriftTest test)
    {
        if (!(test.Threshold > 0 && double.IsFinite(test.Threshold)))
            throw new ArgumentOutOfRangeException("threshold", test.Threshold, $"The threshold of '{test.Name}' is positive and finite.");
        return test;
    }
}
