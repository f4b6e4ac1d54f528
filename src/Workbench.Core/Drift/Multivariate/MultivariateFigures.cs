using System.Text.Json.Nodes;
using Workbench.Charts;

namespace Workbench.Drift.Multivariate;

/// <summary>Pictures of many columns together.</summary>
internal static class MultivariateFigures
{
    public static IReadOnlyList<PlotlyFigure> Of(MultivariateDrift drift) =>
    [
        .. drift.Reconstruction is { } reconstruction ? (PlotlyFigure[])[Errors(reconstruction)] : [],
        .. drift.Classifier is { Importances.Count: > 0 } classifier
            ? (PlotlyFigure[])[Bars("Which columns tell the sides apart", "part of the classifier's gain", classifier.Importances).WithDescription(classifier.Sentence)] : [],
    ];

    public static IReadOnlyList<PlotlyFigure> Of(CorrelationDrift drift)
    {
        var figures = new List<PlotlyFigure>();
        if (drift.Pearson is { } pearson)
            figures.AddRange(Maps("Pearson's correlation", pearson, drift.Sentence));
        if (drift.Spearman is { } spearman)
            figures.AddRange(Maps("Rank correlation (Spearman)", spearman, drift.Sentence));
        return figures;
    }

    private static PlotlyFigure Errors(ReconstructionDrift drift)
    {
        List<string> names = [.. Enumerable.Range(1, drift.ReferenceParts.Count).Select(i => $"reference {i}"), "current"];
        return Chart.Bar("Reconstruction error", "", "mean error (standardised)", names, [.. drift.ReferenceParts, drift.CurrentError])
            .WithThreshold(drift.Upper, "upper limit").WithThreshold(drift.Lower, "lower limit").WithDescription(drift.Sentence);
    }

    private static PlotlyFigure Bars(string title, string axis, IReadOnlyList<ColumnImportance> columns) =>
        Chart.HorizontalBar(title, axis, [.. columns.Select(one => one.Column)], [.. columns.Select(one => one.Share)]);

    private static IEnumerable<PlotlyFigure> Maps(string title, CorrelationMatrix matrix, string sentence) =>
    [
        Map($"{title}: reference", matrix.Columns, matrix.Reference, 1),
        Map($"{title}: current", matrix.Columns, matrix.Current, 1),
        Map($"{title}: current less reference", matrix.Columns, matrix.Difference(), 2).WithDescription(sentence),
    ];

    // Blue for positive, orange for negative, so that 0 is white; a missing value is a gap.
    private static PlotlyFigure Map(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<double?>> values, double limit)
    {
        var figure = Chart.Heatmap(title, "", "", columns, columns, [.. values.Select(row => (IReadOnlyList<double>)[.. row.Select(value => value ?? double.NaN)])]);
        var trace = figure.Data[0]!;
        trace["zmin"] = -limit;
        trace["zmax"] = limit;
        trace["colorscale"] = new JsonArray(
            new JsonArray(0, ChartPalette.Of(5)), new JsonArray(0.5, "#FFFFFF"), new JsonArray(1, ChartPalette.Of(0)));
        return figure.WithHeight(Math.Clamp(160 + 18 * columns.Count, 320, 1200));
    }
}
