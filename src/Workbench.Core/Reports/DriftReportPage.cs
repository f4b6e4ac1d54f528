using System.Globalization;
using Workbench.Drift;

namespace Workbench.Reports;

/// <summary>
/// A <see cref="DriftReport"/> as a page: bins and shares, never a row. All columns stand in one table that is sorted and
/// filtered in the page; each has a view of its own behind <c>#column=NAME</c>. Charts are drawn by the page's own small
/// script, so that a thousand columns stay below 2 MB. Without scripts, the table and all sections are still there.
/// </summary>
public static class DriftReportPage
{
    private const string DataId = "drift-data";
    private const int ExplainedColumns = 20;
    // A constant reference can be a thousand thresholds away and would flatten every other bar.
    private const double LongestBar = 10;

    /// <summary>The whole page, light or dark as the reader's system is; <paramref name="createdAt"/>, where given, stands below the title.</summary>
    public static HtmlReport Create(DriftReport report, DateTimeOffset? createdAt = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        string made = createdAt is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time.ToUniversalTime():yyyy-MM-dd HH:mm} UTC") : "";
        var page = new HtmlReport("Data drift", $"{report.Current} against {report.Reference}{made}");
        Fill(page, report, DriftPageAssets.Style + DriftPageAssets.DarkStyle);
        return page;
    }

    /// <summary>Adds the sections to a page that also holds something else.</summary>
    /// <exception cref="InvalidOperationException">The page holds a drift report already.</exception>
    public static void Fill(HtmlReport page, DriftReport report) => Fill(page, report, DriftPageAssets.Style);

    private static void Fill(HtmlReport page, DriftReport report, string style)
    {
        var columns = report.BySeverity;
        page.Include(new(style, DriftPageAssets.Script, DataId, DriftPageData.Write(report, columns)));
        Result(page.Section("Result"), report);
        if (report.Timeline is { } timeline)
            DriftTimelineSection.Fill(page.Section("Over time"), timeline);
        if (report.Causes is { } causes)
            DriftCausesSection.Fill(page.Section("Causes"), causes);
        Columns(page.Section("Columns"), report, columns);
        if (report.Multivariate is { } together)
            DriftTogetherSection.Fill(page.Section("Columns together"), together);
        if (report.Correlations is { } correlations)
            DriftTogetherSection.Fill(page.Section("Correlations"), correlations);
        if (report.Quality is { } quality)
            DataQualityPage.Findings(page.Section("Quality"), quality, column => columns.Any(one => one.Column == column) ? ReportCell.Markup(DriftPageText.Link(column)) : column);
        if (report.Skipped.Count + report.NewColumns.Count + report.MissingColumns.Count > 0)
            NotCompared(page.Section("Not compared"), report);
    }

    private static void Result(HtmlSection section, DriftReport report)
    {
        section.Status(
            report.IsDataDrift ? ReportStatus.Warning : ReportStatus.Passed,
            report.IsDataDrift ? "drift" : "no drift",
            string.Create(CultureInfo.InvariantCulture, $"{report.Drifted.Count:N0} of {report.Columns.Count:N0} columns drifted.{(report.DriftShare is { } share ? $" {report.DriftedShare:P0} of those that count did, from {share:P0} on the data set does." : "")}"));
        section.Cards([
            ("reference rows", DriftPageText.Count(report.ReferenceRows)),
            ("current rows", DriftPageText.Count(report.CurrentRows)),
            ("columns compared", DriftPageText.Count(report.Columns.Count)),
            ("columns drifted", DriftPageText.Count(report.Drifted.Count)),
            .. new[] { report.Target, report.Prediction }.OfType<ColumnDrift>().Select(column => (DriftPageText.Role(column) + " " + column.Column, column.IsDrift ? "drift" : "stable")),
        ]);
        foreach (string note in report.Notes)
            section.Text(note);
        var explained = report.BySeverity.Where(column => column.IsDrift).Take(ExplainedColumns).ToList();
        if (explained.Count == 0)
            return;
        section.Table(["Column", "Distance", "Why"], explained.Select(column => (IReadOnlyList<ReportCell>)
            [ReportCell.Markup(DriftPageText.Link(column.Column)), ReportCell.Markup(Bar(column)), DriftPageDetail.Cut(column.Reason ?? "", 400)]));
        section.Text(string.Create(CultureInfo.InvariantCulture, $"The distance is in thresholds of the test that went farthest; bars end at {LongestBar:N0}.")
            + (report.Drifted.Count > explained.Count ? string.Create(CultureInfo.InvariantCulture, $" {report.Drifted.Count - explained.Count:N0} more columns drifted; the table below has them all.") : ""));
    }

    private static string Adjusted(PValueCorrection correction) => correction == PValueCorrection.None
        ? "p-values are as the tests gave them."
        : $"p-values are adjusted for the number of columns ({(correction == PValueCorrection.BenjaminiHochberg ? "Benjamini-Hochberg" : correction.ToString())}).";

    private static string Bar(ColumnDrift column) => string.Create(
        CultureInfo.InvariantCulture, $"{DriftPageText.Number(column.Distance)}<div class=\"bar distance\" style=\"width:{Math.Min(column.Distance, LongestBar) * 12:F0}px\" aria-hidden=\"true\"></div>");

    private static void Columns(HtmlSection section, DriftReport report, IReadOnlyList<ColumnDrift> columns)
    {
        section.Text($"A statistic of 0 means equal distributions. {Adjusted(report.Correction)} A column's name leads to its distributions and tests.");
        section.Markup("""<div class="legend"><span><i class="of-reference"></i>reference</span><span><i class="of-current"></i>current</span></div>""");
        section.Markup(DriftColumnTable.Controls(columns)).Markup(DriftColumnTable.Table(columns));
    }

    private static void NotCompared(HtmlSection section, DriftReport report) => section.Table(
        ["Column", "Why"],
        report.Skipped.Select(column => Row(column.Column, column.Reason))
            .Concat(report.NewColumns.Select(column => Row(column, "Only the current rows have it.")))
            .Concat(report.MissingColumns.Select(column => Row(column, "Only the reference has it."))));

    private static IReadOnlyList<ReportCell> Row(string column, string? text) => [column, text];
}
