using Workbench.Drift.Quality;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Expectations;

/// <summary>One thing that rows should be like.</summary>
internal abstract record Expectation
{
    /// <summary>Name in a file, such as range.</summary>
    public abstract string Rule { get; }
    /// <summary>The column it is about; null for the table.</summary>
    public string? Column { get; init; }
    /// <summary>What is expected, in words.</summary>
    public abstract string Expected { get; }
    /// <summary>What to do when it is not so.</summary>
    public abstract string Advice { get; }
    /// <summary>What a broken one is.</summary>
    public QualitySeverity Severity { get; init; } = QualitySeverity.Error;
    /// <summary>Part of the rows that must keep it, in (0, 1].</summary>
    public double Mostly { get; init; } = 1;
    /// <summary>One-based line of the file it came from, or null.</summary>
    public int? Line { get; init; }

    /// <summary>Part of the rows that may break it.</summary>
    public virtual double Tolerance => 1 - Mostly;
    /// <summary>What it takes in a file, as YAML, without severity and mostly.</summary>
    public abstract IReadOnlyList<(string Name, string Yaml)> Arguments { get; }
    /// <summary>The short form in a file, as YAML; null when it has none.</summary>
    public abstract string? Short { get; }
    /// <summary>Whether a user wrote its SQL or regular expression, which may be wrong.</summary>
    public virtual string? Probe => null;

    /// <summary>How it is decided; the column is there.</summary>
    public abstract ExpectationTest Test(CheckedTable table);

    /// <summary>What one scan of the column knows of it already; null when its rows must be asked. It says the same as <see cref="Test"/>.</summary>
    public virtual SettledTest? Settle(ColumnProfile column) => null;
}
