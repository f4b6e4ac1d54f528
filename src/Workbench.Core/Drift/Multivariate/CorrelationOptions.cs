namespace Workbench.Drift.Multivariate;

/// <summary>How correlations are compared.</summary>
public sealed class CorrelationOptions
{
    /// <summary>Numeric columns in pairs; further ones are left out and noted, for the pairs grow with the square. Default 60.</summary>
    public int MostColumns { get; init; } = 60;
    /// <summary>Categorical and boolean columns in pairs; default 10.</summary>
    public int MostCategoricalColumns { get; init; } = 10;
    /// <summary>Rows of a side, drawn at random with a fixed seed, for rank correlation and categories (Pearson's takes all rows); default 20,000, at least 100.</summary>
    public int SampleRows { get; init; } = 20_000;
    /// <summary>A change of a coefficient of at least this size is drift, when it is no chance; in (0, 2]; default 0.2.</summary>
    public double Threshold { get; init; } = 0.2;
    /// <summary>Level of the adjusted p-value; in (0, 1); default 0.05.</summary>
    public double Level { get; init; } = 0.05;
    /// <summary>Largest changes listed; default 50.</summary>
    public int ListedChanges { get; init; } = 50;

    internal IEnumerable<string> Findings()
    {
        if (MostColumns < 2)
            yield return $"Correlations.MostColumns is {MostColumns}; allowed: 2 and more.";
        if (MostCategoricalColumns < 0)
            yield return $"Correlations.MostCategoricalColumns is {MostCategoricalColumns}; allowed: 0 and more.";
        if (SampleRows < 100)
            yield return $"Correlations.SampleRows is {SampleRows}; allowed: 100 and more.";
        if (!(Threshold is > 0 and <= 2))
            yield return $"Correlations.Threshold is {Threshold}; allowed: above 0 up to 2.";
        if (!(Level is > 0 and < 1))
            yield return $"Correlations.Level is {Level}; allowed: above 0, below 1.";
        if (ListedChanges < 0)
            yield return $"Correlations.ListedChanges is {ListedChanges}; allowed: 0 and more.";
    }
}
