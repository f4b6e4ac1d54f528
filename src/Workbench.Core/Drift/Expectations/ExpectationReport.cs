using System.Text.Json;
using Workbench.Data;
using Workbench.Drift.Quality;

namespace Workbench.Drift.Expectations;

/// <summary>Which expectations rows keep, and which they break.</summary>
public sealed record ExpectationReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Name of the rows.</summary>
    public required string Data { get; init; }
    /// <summary>How many they are.</summary>
    public required long Rows { get; init; }
    /// <summary>Name of the expectations: the file, or what they were inferred from.</summary>
    public required string Expectations { get; init; }
    /// <summary>Each expectation, those of the table first.</summary>
    public required IReadOnlyList<ExpectationResult> Results { get; init; }

    /// <summary>True when no expectation of severity error is broken.</summary>
    public bool Passed => Failures == 0;
    /// <summary>Broken expectations of severity error.</summary>
    public int Failures => Broken(QualitySeverity.Error).Count;
    /// <summary>Broken expectations of severity warning.</summary>
    public int Warnings => Broken(QualitySeverity.Warning).Count;

    /// <summary>Broken expectations of one severity.</summary>
    public IReadOnlyList<ExpectationResult> Broken(QualitySeverity severity) => Results.Where(result => !result.Passed && result.Severity == severity).ToList();

    /// <summary>The report as indented JSON with camelCase names; <see cref="Parse"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="DataException">The text is no such report.</exception>
    public static ExpectationReport Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ExpectationReport>(json, Json) ?? throw new DataException("A report on expectations cannot be null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"This is no report on expectations: {failure.Message}", failure);
        }
    }
}
