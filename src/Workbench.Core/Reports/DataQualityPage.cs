using System.Globalization;
using Workbench.Drift.Expectations;
using Workbench.Drift.Quality;

namespace Workbench.Reports;

/// <summary>Expectations and a <see cref="DataQualityReport"/> as a page: figures and categories, never a row.</summary>
public static class DataQualityPage
{
    private const int ListedColumns = 1000;

    /// <summary>The whole page, of one or both.</summary>
    /// <param name="expectations">Which expectations are kept; null for none.</param>
    /// <param name="quality">What is wrong or odd; null for none.</param>
    /// <param name="createdAt">Stands below the title; null for nothing.</param>
    /// <exception cref="ArgumentException">Both are null.</exception>
    public static HtmlReport Create(ExpectationReport? expectations, DataQualityReport? quality, DateTimeOffset? createdAt = null)
    {
        string data = expectations?.Data ?? quality?.Data ?? throw new ArgumentException("Give expectations, quality or both; both are null.");
        string made = createdAt is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time.ToUniversalTime():yyyy-MM-dd HH:mm} UTC") : "";
        var page = new HtmlReport("Data quality", $"{data}{(quality?.Reference is { } reference ? $" against {reference}" : "")}{made}");
        if (expectations is not null)
            Verdict(page.Section("Expectations"), expectations);
        if (quality is not null)
            Fill(page, quality, isDrawn: true);
        if (expectations is not null)
            All(page.Section("All expectations"), expectations);
        return page;
    }

    /// <summary>Adds the sections to a page that also holds something else.</summary>
    public static void Fill(HtmlReport page, ExpectationReport expectations)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(expectations);
        Verdict(page.Section("Expectations"), expectations);
        All(page.Section("All expectations"), expectations);
    }

    private static void Verdict(HtmlSection section, ExpectationReport expectations)
    {
        int kept = expectations.Results.Count(result => result.Passed);
        section.Status(
            expectations.Passed ? expectations.Warnings > 0 ? ReportStatus.Warning : ReportStatus.Passed : ReportStatus.Refused,
            expectations.Passed ? expectations.Warnings > 0 ? "passed with warnings" : "passed" : "failed",
            $"{kept} of {expectations.Results.Count} expectations of {expectations.Expectations} are kept.");
        section.Cards(("rows", Count(expectations.Rows)), ("kept", Count(kept)), ("broken", Count(expectations.Failures)), ("broken, warning only", Count(expectations.Warnings)));
        var broken = expectations.Results.Where(result => !result.Passed).OrderByDescending(result => result.Severity).ToList();
        if (broken.Count > 0)
            section.Table(["Verdict", "Column", "Rule", "Expected", "Found", "Examples", "What to do", "Line"], broken.Select(result => (IReadOnlyList<ReportCell>)
            [
                Verdict(result), result.Column ?? "the table", result.Rule, result.Expected, result.Found, string.Join(", ", result.Examples), result.Advice, ReportCell.Number(result.Line, "F0"),
            ]));
    }

    private static void All(HtmlSection section, ExpectationReport expectations) =>
        section.Table(["Verdict", "Column", "Rule", "Expected", "Considered", "Violations", "Found"], expectations.Results.Select(result => (IReadOnlyList<ReportCell>)
        [
            Verdict(result), result.Column ?? "the table", result.Rule, result.Expected, ReportCell.Number(result.Considered, "N0"), ReportCell.Number(result.Violations, "N0"), result.Found,
        ]));

    /// <summary>Adds the sections to a page that also holds something else, as tables alone: a chart would bring its script along.</summary>
    public static void Fill(HtmlReport page, DataQualityReport quality)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(quality);
        Fill(page, quality, isDrawn: false);
    }

    private static void Fill(HtmlReport page, DataQualityReport quality, bool isDrawn)
    {
        Findings(page.Section("Quality"), quality, column => column);
        var values = page.Section("Values");
        if (isDrawn && quality.ToMissingFigure() is { } figure)
            values.Figure(figure);
        Columns(values, quality);
    }

    /// <summary>Verdict and findings; <paramref name="cell"/> shows the name of a column.</summary>
    internal static void Findings(HtmlSection section, DataQualityReport quality, Func<string, ReportCell> cell)
    {
        section.Status(
            quality.Worst switch { QualitySeverity.Error => ReportStatus.Refused, QualitySeverity.Warning => ReportStatus.Warning, _ => ReportStatus.Passed },
            quality.Worst switch { QualitySeverity.Error => "errors", QualitySeverity.Warning => "warnings", _ => "good" },
            quality.Reference is null ? "" : $"Compared with {quality.Reference}. What the reference has too is information only.");
        section.Cards(
            [("rows", Count(quality.Rows)), .. quality.ReferenceRows is { } rows ? [("reference rows", Count(rows))] : Array.Empty<(string, string)>(),
             .. Enum.GetValues<QualitySeverity>().Reverse().Select(severity => (Words(severity), Count(quality.Findings.Count(finding => finding.Severity == severity))))]);
        if (quality.Findings.Count > 0)
            section.Table(["Severity", "Column", "What", "Value", "Allowed", "What to do"], quality.Findings.Select(finding => (IReadOnlyList<ReportCell>)
            [
                Badge(finding.Severity), finding.Column is { } column ? cell(column) : "the table", finding.What, finding.Value, finding.Allowed, finding.Advice,
            ]));
    }

    private static void Columns(HtmlSection section, DataQualityReport quality)
    {
        if (quality.Columns.Count > ListedColumns)
            section.Text($"The first {Count(ListedColumns)} of {Count(quality.Columns.Count)} columns.");
        section.Table(["Column", "Type", "Missing", "Missing, reference", "Different", "Least", "Greatest", "Mean", "Most frequent", "Its share"], quality.Columns.Take(ListedColumns).Select(column => (IReadOnlyList<ReportCell>)
        [
            column.Column, column.Type, ReportCell.Number(column.MissingShare, "P1"), ReportCell.Number(column.ReferenceMissingShare, "P1"),
            ReportCell.Number(column.Distinct, column.IsDistinctExact ? "N0" : "'about '#,##0"), column.Least, column.Greatest, ReportCell.Number(column.Mean), column.Usual, ReportCell.Number(column.UsualShare, "P1"),
        ]));
    }

    private static ReportCell Verdict(ExpectationResult result) => result.Passed ? ReportCell.Badge(ReportStatus.Passed, "kept") : Badge(result.Severity);

    private static ReportCell Badge(QualitySeverity severity) => severity switch
    {
        QualitySeverity.Error => ReportCell.Badge(ReportStatus.Refused, "error"),
        QualitySeverity.Warning => ReportCell.Badge(ReportStatus.Warning, "warning"),
        _ => ReportCell.Badge(ReportStatus.Neutral, "information"),
    };

    private static string Words(QualitySeverity severity) => severity switch { QualitySeverity.Error => "errors", QualitySeverity.Warning => "warnings", _ => "information" };

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
