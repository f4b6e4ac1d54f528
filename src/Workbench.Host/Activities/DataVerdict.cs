using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Drift.Expectations;
using Workbench.Drift.Quality;
using Workbench.Reports;

namespace Workbench.Host.Activities;

/// <summary>What a <see cref="DataGate"/> found; one of the two reports is there.</summary>
internal sealed record DataVerdict(string Data, ExpectationReport? Expectations, DataQualityReport? Quality, bool IsStrict)
{
    public long Rows => Expectations?.Rows ?? Quality?.Rows ?? 0;
    public int Errors => Count(QualitySeverity.Error);
    public int Warnings => Count(QualitySeverity.Warning);
    public bool Passed => Errors == 0 && !(IsStrict && Warnings > 0);

    /// <summary>What is wrong, the worst first, a line each.</summary>
    public IReadOnlyList<string> Findings => [.. Of(QualitySeverity.Error), .. Of(QualitySeverity.Warning)];

    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{Data}: {Rows:N0} rows, {Number(Errors, "error")}, {Number(Warnings, "warning")}{(IsStrict && Warnings > 0 ? ", which fail too" : "")}.");

    public HtmlReport ToPage(DateTimeOffset createdAt) => DataQualityPage.Create(Expectations, Quality, createdAt);

    public JsonObject ToJson() => new()
    {
        ["data"] = Data, ["rows"] = Rows, ["passed"] = Passed, ["errors"] = Errors, ["warnings"] = Warnings,
        ["expectations"] = Expectations is null ? null : JsonNode.Parse(Expectations.ToJson()), ["quality"] = Quality is null ? null : JsonNode.Parse(Quality.ToJson()),
    };

    private int Count(QualitySeverity severity) => (Expectations?.Broken(severity).Count ?? 0) + (Quality?.Findings.Count(finding => finding.Severity == severity) ?? 0);

    private IEnumerable<string> Of(QualitySeverity severity) =>
        (Expectations?.Broken(severity).Select(result => result.ToString()) ?? []).Concat(Quality?.Findings.Where(finding => finding.Severity == severity).Select(finding => finding.What) ?? []);

    private static string Number(int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
