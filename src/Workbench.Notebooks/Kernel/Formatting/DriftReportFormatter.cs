using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Workbench.Charts;
using Workbench.Drift;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows a drift report: what drifted, a table of all columns by severity, and the pictures of those that moved farthest.</summary>
internal static class DriftReportFormatter
{
    // A notebook that keeps sixty pictures an output is slow to open; report.Columns[i].ToFigure() gives any other.
    private const int Pictures = 4;

    /// <summary>The report, or null when <paramref name="value"/> is none.</summary>
    public static MimeBundle? TryFormat(object value) => value is DriftReport report ? Format(report) : null;

    private static MimeBundle Format(DriftReport report)
    {
        var title = string.Create(CultureInfo.InvariantCulture,
            $"{report.Drifted.Count:N0} of {report.Columns.Count:N0} columns drifted; {report.CurrentRows:N0} rows ({report.Current}) against {report.ReferenceRows:N0} ({report.Reference})");
        var table = Table(report);
        var figures = new[] { report.ToSummaryFigure() }.Concat(report.BySeverity.Where(column => column.IsDrift).Select(column => column.ToFigure()).OfType<PlotlyFigure>().Take(Pictures));
        return new(new JsonObject
        {
            ["text/html"] = $"<div style=\"font:13px/1.5 system-ui,sans-serif\"><strong>{WebUtility.HtmlEncode(title)}</strong></div>{TableHtml.Render(table)}{string.Concat(figures.Select(FigureFormatter.Html))}",
            ["text/plain"] = $"{title}\n{TableText.Render(table)}",
        });
    }

    private static ShownTable Table(DriftReport report) => new()
    {
        Columns = [new("column", "", false), new("kind", "", false), new("verdict", "", false), new("distance", "in thresholds", true), new("foremost test", "", false), new("p", "adjusted", true), new("why", "", false)],
        Rows = report.BySeverity.Take(ShownTable.MaximumRows).Select(column => new object?[]
        {
            column.Column, column.Kind.ToString().ToLowerInvariant(), column.IsDrift ? "drift" : "stable", Round(column.Distance), column.Foremost?.ToString(),
            Round(column.Tests.FirstOrDefault(test => test.AdjustedPValue is not null && test.Role != DriftRole.Informs)?.AdjustedPValue), column.Reason ?? column.Note,
        }).ToList(),
        TotalRows = report.Columns.Count,
        TotalColumns = 7,
        Kind = "of columns",
    };

    private static double? Round(double? value) => value is { } number && double.IsFinite(number) ? double.Parse(number.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}
