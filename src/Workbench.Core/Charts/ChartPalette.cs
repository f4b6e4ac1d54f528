namespace Workbench.Charts;

/// <summary>
/// The colours of every chart and report: Okabe and Ito's set, which people with any of the common colour vision
/// deficiencies can tell apart (Okabe, Ito: Color Universal Design, 2008), ordered for white paper.
/// </summary>
public static class ChartPalette
{
    /// <summary>Colours of the series, in order; a chart with more series begins again.</summary>
    public static IReadOnlyList<string> Series { get; } =
        ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#6B7280"];

    /// <summary>A limit, or something beyond it.</summary>
    public const string Alarm = "#B54708";
    /// <summary>Text and axis labels.</summary>
    public const string Text = "#374151";
    /// <summary>Grid lines.</summary>
    public const string Grid = "#E5E7EB";
    /// <summary>Fonts that are there without a download.</summary>
    public const string Font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

    /// <summary>The colour of series <paramref name="index"/>, counted from 0.</summary>
    public static string Of(int index) => Series[index % Series.Count];
}
