using Workbench.Data;

namespace Workbench.Drift.Expectations;

/// <summary>How close inferred expectations follow their reference.</summary>
public sealed class ExpectationOptions
{
    /// <summary>Columns about which nothing is inferred; they may be absent.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
    /// <summary>Part of its width by which a range is wider than the reference's at each end, in [0, 10]; default 0.1. A bound of 0 stays.</summary>
    public double Margin { get; init; } = 0.1;
    /// <summary>Part of the rows that must keep ranges, categories, patterns and lengths, in (0, 1]; default 0.99.</summary>
    public double Mostly { get; init; } = 0.99;
    /// <summary>A text column with at most this many values gets a list of them, in [0, 1000]; default 50.</summary>
    public int MaxCategories { get; init; } = 50;
    /// <summary>Rows may be this many times as many as the reference's, or as few as this part of its smallest file's, above 1; default 2.</summary>
    public double RowFactor { get; init; } = 2;
    /// <summary>Scans at the same time. Default: one a core.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>All findings at once.</summary>
    internal void Validate()
    {
        var findings = new List<string>();
        if (!(Margin is >= 0 and <= 10))
            findings.Add(FormattableString.Invariant($"Margin is {Margin}; allowed: 0 to 10."));
        if (!(Mostly is > 0 and <= 1))
            findings.Add(FormattableString.Invariant($"Mostly is {Mostly}; allowed: above 0 to 1."));
        if (MaxCategories is < 0 or > 1000)
            findings.Add(FormattableString.Invariant($"MaxCategories is {MaxCategories}; allowed: 0 to 1000."));
        if (!(RowFactor > 1 && double.IsFinite(RowFactor)))
            findings.Add(FormattableString.Invariant($"RowFactor is {RowFactor}; allowed: above 1."));
        if (Workers < 1)
            findings.Add(FormattableString.Invariant($"Workers is {Workers}; allowed: 1 and more."));
        if (findings.Count > 0)
            throw new DataException("The expectation options do not fit: " + string.Join(" ", findings));
    }
}
