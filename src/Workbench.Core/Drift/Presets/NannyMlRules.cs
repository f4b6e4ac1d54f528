using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Presets;

/// <summary>
/// NannyML 0.13.1: drift/univariate/methods.py. Its limits come from chunks of the reference (mean and three standard
/// deviations); where there are no chunks the limit is the 0.1 that its docstrings name.
/// </summary>
internal sealed class NannyMlRules : PresetRules
{
    protected override IReadOnlyList<NamedTest> Catalogue { get; } =
    [
        new("jensen_shannon", () => OfShares("jensen_shannon", Divergence.JensenShannon)),
        new("kolmogorov_smirnov", () => Distance("kolmogorov_smirnov") with
        {
            Numbers = pair => new(NannyMlEstimates.KolmogorovSmirnov(pair.Reference, pair.Current) ?? KolmogorovSmirnov.Compare(pair.Reference.Values, pair.Current.Values).Statistic),
            Values = merged => new(NannyMlEstimates.KolmogorovSmirnov(merged.ReferenceSide, merged.CurrentSide) ?? KolmogorovSmirnov.Distance(merged)),
        }),
        new("wasserstein", () => Distance("wasserstein") with
        {
            Numbers = pair => new(NannyMlEstimates.Wasserstein(pair.Reference, pair.Current) ?? EarthMover.Distance(pair.Reference.Values, pair.Current.Values)),
            Values = merged => new(NannyMlEstimates.Wasserstein(merged.ReferenceSide, merged.CurrentSide) ?? EarthMover.Distance(merged)),
        }),
        new("hellinger", () => OfShares("hellinger", Divergence.Hellinger)),
        new("chi2", () => new()
        {
            Name = "chi2",
            Threshold = 0.05,
            Direction = DriftDirection.PValueBelow,
            Categories = pair => ContingencyTable.ChiSquaredWithYates(pair.Counts),
        }),
        new("l_infinity", () => Distance("l_infinity") with { Categories = pair => new(Divergence.LInfinity(pair.Counts)) }),
    ];

    public override IReadOnlyList<DriftTest> Choose(ColumnSize size) => [Find("jensen_shannon")!]; // it is in the catalogue

    private static DriftTest OfShares(string name, Func<ShareTable, double> distance) => Distance(name) with
    {
        Numbers = pair => new(distance(Bins(pair.Reference, pair.Current))),
        Values = merged => new(distance(Bins(merged.ReferenceSide, merged.CurrentSide))),
        Categories = pair => new(distance(pair.Counts)),
    };

    // Bins by Doane's rule over the reference; what lies outside of them has one more.
    private static ShareTable Bins(IOrderedValues reference, IOrderedValues current)
    {
        double[] edges = EqualBins.Edges(reference.At(0), reference.At(reference.Count - 1), EqualBins.Doane(reference));
        long[] counts = EqualBins.Count(current, edges);
        return new([.. EqualBins.Count(reference, edges), 0], [.. counts, current.Count - counts.Sum()]);
    }

    private static DriftTest Distance(string name) => new() { Name = name, Threshold = 0.1, Direction = DriftDirection.StatisticAbove };
}
