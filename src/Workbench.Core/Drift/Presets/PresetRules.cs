using Workbench.Data;

namespace Workbench.Drift.Presets;

/// <summary>What a preset says where the options say nothing.</summary>
internal abstract class PresetRules
{
    private static readonly WorkbenchRules Workbench = new();
    private static readonly EvidentlyRules Evidently = new();
    private static readonly NannyMlRules NannyMl = new();

    /// <summary>Every test that can be asked for by name.</summary>
    protected abstract IReadOnlyList<NamedTest> Catalogue { get; }
    public virtual PValueCorrection Correction => PValueCorrection.None;
    public virtual double? DriftShare => null;
    public virtual double NewCategoryShare => double.PositiveInfinity;
    /// <summary>Roles whose columns count in the verdict on the data set.</summary>
    public virtual IReadOnlyList<ColumnRole> Counted => [ColumnRole.Feature];
    /// <summary>An integer feature with at most so many distinct current values is compared as a category.</summary>
    public virtual long CategoricalIntegers => 0;
    public IReadOnlyList<string> Known => Catalogue.Select(test => test.Name).ToList();

    public static PresetRules Of(DriftPreset preset) => preset switch
    {
        DriftPreset.Workbench => Workbench,
        DriftPreset.EvidentlyCompatible => Evidently,
        DriftPreset.NannyMlCompatible => NannyMl,
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, $"Known: {string.Join(", ", DriftPresets.Known)}."),
    };

    /// <summary>The tests of a column for which none were chosen.</summary>
    public abstract IReadOnlyList<DriftTest> Choose(ColumnSize size);

    public DriftTest? Find(string name) => Catalogue.FirstOrDefault(test => test.Name == name)?.Create();

    public IEnumerable<string> KnownFor(DriftColumnKind kind) => Catalogue.Where(test => test.Create().Compares(kind)).Select(test => test.Name);

    public string Unknown(string name, string forColumn) => $"Unknown drift test '{name}'{forColumn}.{Suggestion.DidYouMean(name, Known)} Known: {string.Join(", ", Known)}.";
}
