using System.Globalization;
using Workbench.Drift.Multivariate;

namespace Workbench.Reports;

/// <summary>What changed between columns: many together, and correlations of pairs.</summary>
internal static class DriftTogetherSection
{
    private const int Listed = 30;

    public static void Fill(HtmlSection section, MultivariateDrift drift)
    {
        section.Status(drift.IsDrift ? ReportStatus.Warning : ReportStatus.Passed, drift.IsDrift ? "drift" : "stable", drift.Sentence);
        section.Text(string.Create(CultureInfo.InvariantCulture, $"{drift.Columns.Count:N0} columns together, {drift.ReferenceRows:N0} reference rows and {drift.CurrentRows:N0} current rows{(drift.Exactness == Drift.DriftExactness.Exact ? "" : ", drawn at random")}."));
        if (drift.Note is { } note)
            section.Text(note);
        if (drift.Reconstruction is { } reconstruction)
        {
            section.Subheading("Reconstruction by principal components").Text(reconstruction.Sentence);
            section.Cards(
                ("error, reference", DriftPageText.Number(reconstruction.ReferenceError)), ("error, current", DriftPageText.Number(reconstruction.CurrentError)),
                ("limits", $"{DriftPageText.Number(reconstruction.Lower)} to {DriftPageText.Number(reconstruction.Upper)}"), ("components", DriftPageText.Count(reconstruction.Components)));
            Importances(section, "Columns by their part in the change of the error", reconstruction.Importances);
        }
        if (drift.Classifier is { } classifier)
        {
            section.Subheading("A classifier that tells the sides apart").Text(classifier.Sentence);
            Importances(section, "Columns by which it tells them apart", classifier.Importances);
        }
        if (drift.Tests.Count > 0)
            section.Subheading("Tests over all columns").Table(["Test", "Statistic", "Adjusted p", "Drift when", "Verdict"], drift.Tests.Select(test => (IReadOnlyList<ReportCell>)
                [test.Test, DriftPageText.Number(test.Statistic), DriftPageText.Number(test.AdjustedPValue), DriftPageText.Limit(test), Verdict(test.IsDrift)]));
    }

    public static void Fill(HtmlSection section, CorrelationDrift drift)
    {
        section.Status(drift.IsDrift ? ReportStatus.Warning : ReportStatus.Passed, drift.IsDrift ? "drift" : "stable", drift.Sentence);
        section.Text(string.Create(CultureInfo.InvariantCulture, $"{drift.DriftedPairs:N0} of {drift.Pairs:N0} pairs changed.{(drift.Note is { } note ? " " + note : "")}"));
        if (drift.Changes.Count == 0)
            return;
        section.Table(["Column", "Column", "Measure", "Reference", "Current", "Change", "Adjusted p", "Verdict"], drift.Changes.Take(Listed).Select(change => (IReadOnlyList<ReportCell>)
        [
            ReportCell.Markup(DriftPageText.Link(change.First)), ReportCell.Markup(DriftPageText.Link(change.Second)), change.Measure.ToString(),
            ReportCell.Number(change.Reference, "F3"), ReportCell.Number(change.Current, "F3"), ReportCell.Number(change.Current - change.Reference, "+0.000;-0.000;0.000"),
            ReportCell.Number(change.AdjustedPValue, "G3"), Verdict(change.IsDrift),
        ]));
        if (drift.Changes.Count > Listed)
            section.Text(string.Create(CultureInfo.InvariantCulture, $"The {Listed} largest of {drift.Changes.Count:N0} changes that the report lists."));
    }

    private static void Importances(HtmlSection section, string heading, IReadOnlyList<ColumnImportance> importances)
    {
        if (importances.Count > 0)
            section.Table([heading, "Part"], importances.Select(one => (IReadOnlyList<ReportCell>)[ReportCell.Markup(DriftPageText.Link(one.Column)), ReportCell.Number(one.Share, "P0")]));
    }

    private static ReportCell Verdict(bool isDrift) => isDrift ? ReportCell.Badge(ReportStatus.Warning, "drift") : ReportCell.Badge(ReportStatus.Passed, "stable");
}
