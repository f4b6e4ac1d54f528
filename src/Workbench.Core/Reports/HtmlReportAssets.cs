using Workbench.Charts;

namespace Workbench.Reports;

/// <summary>The fixed script and style of every report.</summary>
internal static class HtmlReportAssets
{
    public const string Draw = """
        const charts = [...document.querySelectorAll('[data-figure]')];
        for (const chart of charts) {
          const figure = JSON.parse(document.getElementById(chart.dataset.figure).textContent);
          chart.style.minHeight = chart.dataset.height + 'px';
          Plotly.newPlot(chart, figure.data, figure.layout, figure.config);
        }
        addEventListener('beforeprint', () => charts.forEach(chart => Plotly.Plots.resize(chart)));
        """;

    public const string Style = $$"""

        :root { color-scheme: light; --line: {{ChartPalette.Grid}}; --quiet: #6B7280; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1120px; padding: 24px; background: #fff; color: #111827; font: 15px/1.55 {{ChartPalette.Font}}; }
        header { border-bottom: 1px solid var(--line); padding-bottom: 12px; }
        header p { margin: 4px 0 0; color: var(--quiet); }
        h1 { margin: 0; font-size: 28px; line-height: 1.2; }
        h2 { margin: 36px 0 12px; font-size: 20px; }
        h3 { margin: 24px 0 8px; font-size: 16px; }
        p { margin: 8px 0; max-width: 80ch; }
        a { color: #005A8C; }
        a:focus-visible, [tabindex]:focus-visible { outline: 2px solid #005A8C; outline-offset: 2px; }
        nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 12px 0 0; padding: 0; list-style: none; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 12px 0; }
        .cards div { border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
        .cards dt { color: var(--quiet); font-size: 13px; }
        .cards dd { margin: 2px 0 0; font-size: 22px; font-weight: 600; overflow-wrap: anywhere; }
        .table { overflow-x: auto; margin: 12px 0; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
        th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
        .number { text-align: right; white-space: nowrap; }
        .badge { display: inline-block; border-radius: 999px; padding: 0 10px; font-size: 13px; font-weight: 600; white-space: nowrap; }
        .badge.neutral { background: #F3F4F6; color: #374151; }
        .badge.passed { background: #E3F4EC; color: #00573F; }
        .badge.warning { background: #FDF1D8; color: #6F4A00; }
        .badge.refused { background: #FBE6DC; color: #8A3206; }
        figure { margin: 12px 0; break-inside: avoid; min-width: 0; }
        .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 8px 24px; }
        .grid figure { margin: 0; }
        pre { overflow-x: auto; background: #F9FAFB; border: 1px solid var(--line); border-radius: 8px; padding: 12px; font-size: 13px; }
        .timeline { margin: 12px 0 12px 6px; padding: 0 0 0 20px; border-left: 2px solid var(--line); list-style: none; }
        .timeline li { position: relative; margin: 10px 0; }
        .timeline li::before { content: ''; position: absolute; left: -27px; top: 6px; width: 12px; height: 12px; border-radius: 50%; background: #9CA3AF; }
        .timeline li.passed::before { background: #009E73; }
        .timeline li.warning::before { background: #E69F00; }
        .timeline li.refused::before { background: #D55E00; }
        .timeline time { color: var(--quiet); font-variant-numeric: tabular-nums; margin-right: 8px; }
        .timeline .actor { font-weight: 600; margin-right: 4px; }
        @media print {
          body { max-width: none; padding: 0; font-size: 12px; }
          nav, .modebar { display: none !important; }
          h2, h3 { break-after: avoid; }
          tr, .cards div { break-inside: avoid; }
        }

        """;
}
