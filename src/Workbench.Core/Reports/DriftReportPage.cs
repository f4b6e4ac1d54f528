using System.Globalization;
using Workbench.Drift;

namespace Workbench.Reports;

/// <summary>A <see cref="DriftReport"/> as a page: bins and shares, never a row.</summary>
public static class DriftReportPage
{
    private const int DrawnColumns = 60;

    /// <summary>The whole page; <paramref name="createdAt"/>, where given, stands below the title.</summary>
    public static HtmlReport Create(DriftReport report, DateTimeOffset? createdAt = null)
    {
        string made = createdAt is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time.ToUniversalTime():yyyy-MM-dd HH:mm} UTC") : "";
        var page = new HtmlReport("Data drift", $"{report.Current} against {report.Reference}{made}");
        Fill(page, report);
        return page;
    }

    /// <summary>Adds the sections to a page that also holds something else.</summary>
    public static void Fill(HtmlReport page, DriftReport report)
    {
        Result(page.Section("Result"), report);
        Columns(page.Section("Columns"), report);
        Distributions(page.Section("Distributions"), report);
        if (report.Skipped.Count + report.NewColumns.Count + report.MissingColumns.Count > 0)
            NotCompared(page.Section("Not compared"), report);
        if (report.Quality is { } quality)
            DataQualityPage.Fill(page, quality);
    }

    private static void Result(HtmlSection section, DriftReport report)
    {
        section.Status(
            report.IsDataDrift ? ReportStatus.Warning : ReportStatus.Passed,
            report.IsDataDrift ? "drift" : "no drift",
            string.Create(CultureInfo.InvariantCulture, $"{report.Drifted.Count} of {report.Columns.Count} columns drifted."));
        section.Cards(
            ("reference rows", Count(report.ReferenceRows)),
            ("current rows", Count(report.CurrentRows)),
            ("columns compared", Count(report.Columns.Count)),
            ("columns drifted", Count(report.Drifted.Count)));
        if (report.Drifted.Count > 0)
            section.Table(["Column", "Why"], report.Drifted.Select(column => Row(column.Column, column.Reason)));
        section.Figure(report.ToSummaryFigure());
    }

    private static void Columns(HtmlSection section, DriftReport report)
    {
        section.Text($"A statistic of 0 means equal distributions. p-values are adjusted for the number of columns ({report.Correction}).");
        section.Table(
            ["Column", "Kind", "Verdict", "Tests", "NULL, reference", "NULL, current", "Remarks"],
            Ordered(report).Select(column => (IReadOnlyList<ReportCell>)[
                column.Column,
                column.Kind.ToString().ToLowerInvariant(),
                column.IsDrift ? ReportCell.Badge(ReportStatus.Warning, "drift") : ReportCell.Badge(ReportStatus.Passed, "stable"),
                string.Join(", ", column.Tests.Select(Words)),
                ReportCell.Number(column.NullShareReference, "P1"),
                ReportCell.Number(column.NullShareCurrent, "P1"),
                Remarks(column),
            ]));
    }

    private static void Distributions(HtmlSection section, DriftReport report)
    {
        var drawn = Ordered(report).Take(DrawnColumns).ToList();
        if (drawn.Count < report.Columns.Count)
            section.Text($"The first {drawn.Count} of {report.Columns.Count} columns, those with drift first.");
        section.Figures(drawn.Select(column => column.ToFigure()).OfType<Charts.PlotlyFigure>());
    }

    private static void NotCompared(HtmlSection section, DriftReport report) => section.Table(
        ["Column", "Why"],
        report.Skipped.Select(column => Row(column.Column, column.Reason))
            .Concat(report.NewColumns.Select(column => Row(column, "Only the current rows have it.")))
            .Concat(report.MissingColumns.Select(column => Row(column, "Only the reference has it."))));

    private static IEnumerable<ColumnDrift> Ordered(DriftReport report) => report.Columns.OrderByDescending(column => column.IsDrift);

    private static IReadOnlyList<ReportCell> Row(string column, string? text) => [column, text];

    private static string Words(DriftTestResult test) => test.AdjustedPValue is { } p
        ? string.Create(CultureInfo.InvariantCulture, $"{test.Test} {test.Statistic:G3} (p {p:G2})")
        : string.Create(CultureInfo.InvariantCulture, $"{test.Test} {test.Statistic:G3}");

    private static string Remarks(ColumnDrift column) => string.Join(" ", new[]
    {
        column.NewCategories.Count > 0 ? $"New: {Names(column.NewCategories)}." : "",
        column.MissingCategories.Count > 0 ? $"Vanished: {Names(column.MissingCategories)}." : "",
        column.Note ?? "",
    }.Where(text => text.Length > 0));

    private static string Names(IReadOnlyList<CategoryShare> categories) =>
        string.Join(", ", categories.Take(5).Select(one => one.Category)) + (categories.Count > 5 ? $" and {categories.Count - 5} more" : "");

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
