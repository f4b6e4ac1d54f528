using Workbench.Charts;

namespace Workbench.Drift.Text;

/// <summary>Pictures of what changed in texts.</summary>
internal static class TextFigures
{
    private const int DrawnWords = 20;

    public static IReadOnlyList<PlotlyFigure> Of(string column, TextDrift drift) =>
    [
        .. Words($"{column}: new and vanished words", [.. drift.NewWords.Concat(drift.VanishedWords).OrderByDescending(word => word.Surprise)]),
        .. Words($"{column}: words that became more or less common", drift.MovedWords),
        .. Shares($"{column}: languages", "share of texts", drift.Languages),
        .. Shares($"{column}: characters", "share of characters", drift.Characters),
    ];

    private static IEnumerable<PlotlyFigure> Words(string title, IReadOnlyList<WordChange> words) => words.Count == 0
        ? []
        : Bars(title, "share of texts", [.. words.Take(DrawnWords).Select(word => new ShareChange(word.Word, word.ReferenceShare, word.CurrentShare))]);

    private static IEnumerable<PlotlyFigure> Shares(string title, string unit, IReadOnlyList<ShareChange> shares) => shares.Count == 0 ? [] : Bars(title, unit, shares);

    private static IEnumerable<PlotlyFigure> Bars(string title, string unit, IReadOnlyList<ShareChange> shares)
    {
        List<string> names = [.. shares.Select(one => one.Name)];
        var figure = Chart.GroupedBar(
            title, "", unit,
            new ChartSeries("reference", names, shares.Select(one => one.ReferenceShare).ToList()),
            new ChartSeries("current", names, shares.Select(one => one.CurrentShare).ToList()));
        figure.Layout["yaxis"]!["tickformat"] = ".1%";
        yield return figure;
    }
}
