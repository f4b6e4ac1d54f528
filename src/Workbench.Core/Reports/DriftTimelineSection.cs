using System.Globalization;
using System.Text;
using Workbench.Drift.Chunks;

namespace Workbench.Reports;

/// <summary>How the columns moved from chunk to chunk: the share that drifted, then the columns that drifted most, chunk by chunk.</summary>
internal static class DriftTimelineSection
{
    private const int ShownChunks = 240, ShownColumns = 40;
    private const int Width = 720, Height = 120, Top = 8, Bottom = 22, Left = 48;

    public static void Fill(HtmlSection section, DriftTimeline timeline)
    {
        int compared = timeline.DriftedShares.Count(share => share is not null);
        section.Text(string.Create(CultureInfo.InvariantCulture,
            $"{timeline.Chunks.Count:N0} chunks ({timeline.By}{(timeline.TimeColumn is { } time ? $" of {time}" : "")}), {compared:N0} of them compared{(timeline.Season is { } season ? $" with reference rows of the same {season.ToString().ToLowerInvariant()}" : "")}. Beyond the limits counts as drift: {timeline.Threshold}."));
        foreach (string note in timeline.Notes)
            section.Text(note);
        int first = Math.Max(0, timeline.Chunks.Count - ShownChunks);
        if (first > 0)
            section.Text(string.Create(CultureInfo.InvariantCulture, $"The last {ShownChunks} chunks are drawn."));
        section.Subheading("Share of columns that drifted, by chunk").Markup(Shares(timeline, first));
        var columns = timeline.Columns.Where(column => column.IsDrift.Contains(true)).OrderByDescending(column => column.IsDrift.Count(isDrift => isDrift)).ToList();
        if (columns.Count > 0)
            section.Subheading("Columns by chunk").Table(["Column", "Chunks", "Beyond", "Since when"], columns.Take(ShownColumns).Select(column => Row(column, first)));
        if (columns.Count > ShownColumns)
            section.Text(string.Create(CultureInfo.InvariantCulture, $"{columns.Count - ShownColumns:N0} more columns drifted in some chunk."));
    }

    private static IReadOnlyList<ReportCell> Row(ColumnTimeline column, int first) =>
    [
        ReportCell.Markup(DriftPageText.Link(column.Column)), ReportCell.Markup(Chunks(column, first)),
        string.Create(CultureInfo.InvariantCulture, $"{column.IsDrift.Count(isDrift => isDrift)} of {column.IsDrift.Count}"), column.Sentence,
    ];

    // One path for what was seen and one for what lies beyond, whatever the number of chunks.
    private static string Chunks(ColumnTimeline column, int first)
    {
        StringBuilder seen = new(), beyond = new();
        int shown = column.IsDrift.Count - first;
        for (int i = first; i < column.IsDrift.Count; i++)
            (column.IsDrift[i] ? beyond : seen).Append(CultureInfo.InvariantCulture, $"M{(i - first) * 10} 0h9v18h-9z");
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg class=\"chunks\" viewBox=\"0 0 {Math.Max(1, shown) * 10} 18\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"seen\" d=\"{seen}\"/><path class=\"beyond\" d=\"{beyond}\"/></svg>");
    }

    private static string Shares(DriftTimeline timeline, int first)
    {
        var shares = timeline.DriftedShares.Skip(first).ToList();
        var chunks = timeline.Chunks.Skip(first).ToList();
        double most = Math.Max(0.1, shares.Max() ?? 0), step = (double)(Width - Left) / Math.Max(1, shares.Count);
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"<figure><svg class=\"plot\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Bars: the share of columns that drifted, by chunk; at most {DriftPageText.Percent(shares.Max() ?? 0)}.\">"));
        foreach (double tick in new[] { 0, most / 2, most })
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid-line\" d=\"M{Left} {Y(tick, most):F1}H{Width}\"/><text x=\"{Left - 6}\" y=\"{Y(tick, most) + 4:F1}\" text-anchor=\"end\">{DriftPageText.Percent(tick)}</text>");
        for (int i = 0; i < shares.Count; i++)
            if (shares[i] is { } share)
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"of-current\" x=\"{Left + i * step:F1}\" y=\"{Y(share, most):F1}\" width=\"{Math.Max(0.5, step - 1):F1}\" height=\"{Y(0, most) - Y(share, most):F1}\"><title>{HtmlText.Encode(chunks[i].Label)}: {DriftPageText.Percent(share)} of the columns, {DriftPageText.Count(chunks[i].Rows)} rows</title></rect>");
        foreach (int i in new[] { 0, chunks.Count / 2, chunks.Count - 1 }.Distinct().Where(i => i >= 0 && i < chunks.Count))
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + (i + 0.5) * step:F1}\" y=\"{Height - 6}\" text-anchor=\"{(i == 0 ? "start" : i == chunks.Count - 1 ? "end" : "middle")}\">{HtmlText.Encode(chunks[i].Label)}</text>");
        return svg.Append("</svg></figure>").ToString();
    }

    private static double Y(double share, double most) => Height - Bottom - share / most * (Height - Top - Bottom);
}
