using Workbench.Data;

namespace Workbench.Drift.Causes;

/// <summary>What to explain and how far to look.</summary>
public sealed class CauseOptions
{
    /// <summary>Numbers whose change is explained: predictions, errors, expected correctness. None: only what moved by itself is listed.</summary>
    public IReadOnlyList<CauseQuantity> Quantities { get; init; } = [];
    /// <summary>Columns to look for causes in; null means every numeric, categorical and boolean column of both sides.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Columns to leave out, such as labels; they may be absent.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
    /// <summary>Slices of two columns are searched among so many columns, those that explain most alone; 0 to 50, default 10.</summary>
    public int PairedColumns { get; init; } = 10;
    /// <summary>A slice holds at least this share of the rows, both sides averaged; in (0, 0.5], default 0.01.</summary>
    public double MinimumShare { get; init; } = 0.01;
    /// <summary>So many slices a quantity, and so many movements, are listed; at least 1, default 10.</summary>
    public int Listed { get; init; } = 10;

    /// <summary>All findings at once.</summary>
    internal void Validate(IReadOnlyCollection<string> common)
    {
        var findings = new List<string>();
        if (PairedColumns is < 0 or > 50)
            findings.Add($"PairedColumns is {PairedColumns}; allowed: 0 to 50.");
        if (!(MinimumShare is > 0 and <= 0.5))
            findings.Add($"MinimumShare is {MinimumShare}; allowed: above 0 up to 0.5.");
        if (Listed < 1)
            findings.Add($"Listed is {Listed}; allowed: 1 and more.");
        foreach (string column in Quantities.Select(quantity => quantity.Column).Concat(Columns ?? []).Distinct(StringComparer.Ordinal).Where(column => !common.Contains(column)))
            findings.Add($"Column '{column}' is not on both sides.{Suggestion.DidYouMean(column, common)} Columns of both: {string.Join(", ", common.Take(30))}.");
        if (findings.Count > 0)
            throw new DataException("The options for causes do not fit: " + string.Join(" ", findings));
    }
}
