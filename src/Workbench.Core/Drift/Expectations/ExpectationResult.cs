using Workbench.Drift.Quality;

namespace Workbench.Drift.Expectations;

/// <summary>What became of one expectation. Examples are categories or names of columns, and never a row.</summary>
public sealed record ExpectationResult
{
    /// <summary>The column; null for the whole table.</summary>
    public string? Column { get; init; }
    /// <summary>Name of the rule, such as range.</summary>
    public required string Rule { get; init; }
    /// <summary>What was expected, in words.</summary>
    public required string Expected { get; init; }
    /// <summary>What a broken one is.</summary>
    public required QualitySeverity Severity { get; init; }
    /// <summary>Whether it is kept.</summary>
    public required bool Passed { get; init; }
    /// <summary>Rows that were looked at, mostly those whose value is there; 1 where the table as a whole is meant.</summary>
    public required long Considered { get; init; }
    /// <summary>How many of them break it; a few may.</summary>
    public required long Violations { get; init; }
    /// <summary>What was found, in words; empty when there is nothing to tell.</summary>
    public required string Found { get; init; }
    /// <summary>Up to five values that break it, the most frequent first.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
    /// <summary>What to do when it is broken.</summary>
    public required string Advice { get; init; }
    /// <summary>One-based line of the file of expectations; null when they are of no file.</summary>
    public int? Line { get; init; }

    /// <summary>As a line for people: <c>age, range: 0 to 100 expected, 12 of 500 (2.4 %), from -3 to 250</c>.</summary>
    public override string ToString() =>
        $"{(Column is null ? "" : Column + ", ")}{Rule}: {Expected} expected, {(Found.Length > 0 ? Found : "kept")}{(Examples.Count > 0 ? $": {QualityText.List(Examples)}" : "")}";
}
