namespace Workbench.Drift.Presets;

/// <summary>
/// The size of a difference decides and a p-value confirms it: with enough rows every p-value is small, and with few rows
/// every distance is large.
/// </summary>
internal sealed class WorkbenchRules : PresetRules
{
    protected override IReadOnlyList<NamedTest> Catalogue { get; } =
    [
        new("ks", () => DriftTests.Ks()),
        new("psi", () => DriftTests.Psi()),
        new("wasserstein", () => DriftTests.Wasserstein()),
        new("wasserstein-raw", () => DriftTests.WassersteinRaw()),
        new("js", () => DriftTests.JensenShannon()),
        new("kl", () => DriftTests.KullbackLeibler()),
        new("hellinger", () => DriftTests.Hellinger()),
        new("energy", () => DriftTests.Energy()),
        new("anderson-darling", () => DriftTests.AndersonDarling()),
        new("cramer-von-mises", () => DriftTests.CramerVonMises()),
        new("mann-whitney", () => DriftTests.MannWhitney()),
        new("t", () => DriftTests.StudentT()),
        new("welch", () => DriftTests.Welch()),
        new("epps-singleton", () => DriftTests.EppsSingleton()),
        new("chi2", () => DriftTests.ChiSquared()),
        new("g", () => DriftTests.GTest()),
        new("tvd", () => DriftTests.TotalVariation()),
        new("fisher", () => DriftTests.FisherExact()),
        new("z", () => DriftTests.TwoProportions()),
        new("cramers-v", () => DriftTests.CramersV()),
        new("l-infinity", () => DriftTests.LInfinity()),
        .. DriftTests.OfRows,
    ];

    public override PValueCorrection Correction => PValueCorrection.BenjaminiHochberg;
    public override double NewCategoryShare => 0.01;

    public override IReadOnlyList<DriftTest> Choose(ColumnSize size) => DriftTests.Preset(size.Kind);
}
