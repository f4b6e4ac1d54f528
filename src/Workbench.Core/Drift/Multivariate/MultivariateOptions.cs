namespace Workbench.Drift.Multivariate;

/// <summary>How many columns are compared together: the numeric, categorical and boolean columns that were compared one by one.</summary>
public sealed class MultivariateOptions
{
    /// <summary>Columns to take; null means all, in their order, up to <see cref="MostColumns"/>.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Further columns are left out and noted; default 200.</summary>
    public int MostColumns { get; init; } = 200;
    /// <summary>Rows of a side, drawn at random with a fixed seed; default 20,000, at least 100. Memory grows with it: 8 bytes a row and column.</summary>
    public int SampleRows { get; init; } = 20_000;
    /// <summary>Compares the error with which the reference's principal components restore rows; default true.</summary>
    public bool Reconstruction { get; init; } = true;
    /// <summary>Part of the reference's variance that the kept components hold, in (0, 1); default 0.65.</summary>
    public double VarianceShare { get; init; } = 0.65;
    /// <summary>Parts of the reference whose errors give the limits, mean ± 3 standard deviations; default 10, at least 2.</summary>
    public int ReferenceChunks { get; init; } = 10;
    /// <summary>What learns to tell the sides apart; null leaves the classifier out.</summary>
    public DomainLearner? Classifier { get; init; } = DomainLearner.BoostedTrees;
    /// <summary>The classifier's area under the curve below this is drift; default 0.45.</summary>
    public double ClassifierLower { get; init; } = 0.45;
    /// <summary>The classifier's area under the curve above this is drift; default 0.65.</summary>
    public double ClassifierUpper { get; init; } = 0.65;
    /// <summary>Tests over the standardised columns, such as <c>DriftTests.Mmd()</c> and <c>DriftTests.Lsdd()</c>.</summary>
    public IReadOnlyList<DriftTest> Tests { get; init; } = [];

    internal IEnumerable<string> Findings()
    {
        if (MostColumns < 2)
            yield return $"Multivariate.MostColumns is {MostColumns}; allowed: 2 and more.";
        if (SampleRows < 100)
            yield return $"Multivariate.SampleRows is {SampleRows}; allowed: 100 and more.";
        if (!(VarianceShare is > 0 and < 1))
            yield return $"Multivariate.VarianceShare is {VarianceShare}; allowed: above 0, below 1.";
        if (ReferenceChunks < 2)
            yield return $"Multivariate.ReferenceChunks is {ReferenceChunks}; allowed: 2 and more.";
        if (!(ClassifierLower >= 0 && ClassifierLower < ClassifierUpper && ClassifierUpper <= 1))
            yield return $"Multivariate.ClassifierLower and ClassifierUpper are {ClassifierLower} and {ClassifierUpper}; allowed: 0 ≤ lower < upper ≤ 1.";
        foreach (var test in Tests.Where(test => test.Vectors is null))
            yield return $"Multivariate.Tests has '{test.Name}', which compares no rows of several numbers. Those that do: {string.Join(", ", DriftTests.Known.Where(name => DriftTests.Named(name).Vectors is not null))}.";
    }
}
