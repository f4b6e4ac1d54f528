using Workbench.Drift.Numeric;

namespace Workbench.Drift.Presets;

/// <summary>Evidently 0.7.21: legacy/calculations/stattests and data_drift.py. Names, thresholds, comparisons and traps are Evidently's.</summary>
internal sealed class EvidentlyRules : PresetRules
{
    // stattests/registry.py, _get_default_stattest.
    private const long SmallReference = 1000;
    private const int FewValues = 5;
    // np.std of a constant reference is replaced by it.
    private const double SmallestDeviation = 0.001;

    protected override IReadOnlyList<NamedTest> Catalogue { get; } =
    [
        new("ks", () => PValue("ks", 0.05, DriftDirection.PValueAtOrBelow) with
        {
            Numbers = pair => KolmogorovSmirnov.Compare(pair.Reference.Values, pair.Current.Values),
            Values = KolmogorovSmirnov.Compare,
        }),
        new("wasserstein", () => Distance("wasserstein") with
        {
            Numbers = pair => Normed(EarthMover.Distance(pair.Reference.Values, pair.Current.Values), pair.Reference),
            Values = merged => Normed(EarthMover.Distance(merged), merged.ReferenceSide),
        }),
        new("jensenshannon", () => OfShares("jensenshannon", EvidentlyShares.JensenShannon)),
        new("psi", () => OfShares("psi", EvidentlyShares.PopulationStability)),
        new("kl_div", () => OfShares("kl_div", EvidentlyShares.KullbackLeibler)),
        new("hellinger", () => OfShares("hellinger", EvidentlyShares.Hellinger) with { Values = merged => new(EvidentlyShares.Hellinger(merged)) }),
        new("ed", () => Distance("ed") with { Direction = DriftDirection.StatisticAbove, Values = EnergyDistance.Raw }),
        new("anderson", () => PValue("anderson", 0.1) with { Values = AndersonDarling.Compare }),
        new("cramer_von_mises", () => PValue("cramer_von_mises", 0.1, DriftDirection.PValueAtOrBelow) with { Values = CramerVonMises.AsScipy }),
        new("mannw", () => PValue("mannw", 0.05) with { Values = RankSum.Greater }),
        new("t_test", () => PValue("t_test", 0.05) with
        {
            Numbers = pair => TTest.Pooled(pair.Reference, pair.Current),
            Values = merged => TTest.Pooled(merged.ReferenceSide, merged.CurrentSide),
        }),
        new("es", () => PValue("es", 0.05) with { Values = EppsSingleton.Compare }),
        new("chisquare", () => AlsoOfNumbers(OfTable("chisquare", 0.05, EvidentlyTables.ChiSquared), EvidentlyTables.ChiSquared)),
        new("z", () => AlsoOfNumbers(OfTable("z", 0.05, EvidentlyTables.TwoProportions), EvidentlyTables.TwoProportions)),
        new("g_test", () => OfTable("g_test", 0.1, EvidentlyTables.LikelihoodRatio)),
        new("fisher_exact", () => OfTable("fisher_exact", 0.1, EvidentlyTables.Fisher)),
        new("TVD", () => OfTable("TVD", 0.1, EvidentlyTables.TotalVariation)),
    ];

    public override double? DriftShare => 0.5;
    // data_drift.py, _get_all_columns_for_drift.
    public override IReadOnlyList<ColumnRole> Counted => [ColumnRole.Feature, ColumnRole.Target, ColumnRole.Prediction];
    // core/datasets.py, INTEGER_CARDINALITY_LIMIT.
    public override long CategoricalIntegers => 10;

    public override IReadOnlyList<DriftTest> Choose(ColumnSize size) => [Find(Name(size))!]; // each name is in the catalogue

    private static string Name(ColumnSize size)
    {
        bool isSpread = size.Kind == DriftColumnKind.Numeric && size.Distinct > FewValues;
        return size.ReferenceRows > SmallReference
            ? isSpread ? "wasserstein" : "jensenshannon"
            : isSpread ? "ks" : size.Distinct > 2 ? "chisquare" : "z";
    }

    private static DriftMeasure Normed(double distance, IOrderedValues reference) => new(distance / Math.Max(reference.StandardDeviation, SmallestDeviation));

    private static DriftTest OfShares(string name, Func<ShareTable, double> distance) => Distance(name) with
    {
        Values = merged => new(distance(EvidentlyShares.Cells(merged))),
        Categories = pair => new(distance(pair.Counts)),
    };

    private static DriftTest OfTable(string name, double level, Func<ShareTable, DriftMeasure> table) => PValue(name, level) with { Categories = pair => table(pair.Counts) };

    // Numbers with few distinct values are tested as names are.
    private static DriftTest AlsoOfNumbers(DriftTest test, Func<ShareTable, DriftMeasure> table) => test with { Values = merged => table(new(merged.Reference, merged.Current)) };

    private static DriftTest Distance(string name) => new() { Name = name, Threshold = 0.1, Direction = DriftDirection.StatisticAtOrAbove };

    private static DriftTest PValue(string name, double level, DriftDirection direction = DriftDirection.PValueBelow) => new() { Name = name, Threshold = level, Direction = direction };
}
