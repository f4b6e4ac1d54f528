using System.Globalization;
using Workbench.Drift.Causes;

namespace Workbench.Reports;

/// <summary>Why: a sentence for each quantity that moved, the slices that moved it, and the slices that grew or shrank.</summary>
internal static class DriftCausesSection
{
    private const int ListedColumns = 10;

    public static void Fill(HtmlSection section, DriftCauses causes)
    {
        foreach (var quantity in causes.Quantities)
            Quantity(section, quantity);
        if (causes.Movements.Count > 0)
            section.Subheading("Rows that became more or fewer").Markup(List(causes.Movements.Select(movement => movement.Sentence)));
        if (causes.Skipped.Count > 0)
            section.Text($"Not searched: {string.Join(", ", causes.Skipped.Take(20).Select(skipped => $"{skipped.Column} ({skipped.Reason.TrimEnd('.')})"))}{(causes.Skipped.Count > 20 ? " and more" : "")}.");
    }

    private static void Quantity(HtmlSection section, QuantityChange quantity)
    {
        section.Subheading(quantity.Name).Status(quantity.IsBeyondChance ? ReportStatus.Warning : ReportStatus.Passed, quantity.IsBeyondChance ? "moved" : "chance", quantity.Sentence);
        if (quantity.Slices.Count > 0)
            section.Table(["Which rows", "Share, reference", "Share, current", "Contribution", "95 % interval", "Of the change"], quantity.Slices.Select(slice => (IReadOnlyList<ReportCell>)
            [
                slice.Sentence, ReportCell.Number(slice.ReferenceShare, "P1"), ReportCell.Number(slice.CurrentShare, "P1"), ReportCell.Number(slice.Contribution, "G3"),
                string.Create(CultureInfo.InvariantCulture, $"{slice.ConfidenceLower:G3} to {slice.ConfidenceUpper:G3}"), ReportCell.Number(slice.ShareOfChange, "P0"),
            ]));
        if (quantity.Columns.Count > 0)
            section.Table(["Column", "Explains by its shift", "Of the change"], quantity.Columns.Take(ListedColumns).Select(column => (IReadOnlyList<ReportCell>)
                [ReportCell.Markup(DriftPageText.Link(column.Column)), ReportCell.Number(column.Mix, "G3"), ReportCell.Number(column.ShareOfChange, "P0")]));
    }

    private static string List(IEnumerable<string> sentences) => $"<ul>{string.Concat(sentences.Select(sentence => $"<li>{HtmlText.Encode(sentence)}</li>"))}</ul>";
}
