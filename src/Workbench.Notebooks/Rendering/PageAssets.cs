using Workbench.Charts;

namespace Workbench.Notebooks.Rendering;

/// <summary>The fixed style and scripts of every rendered notebook.</summary>
internal static class PageAssets
{
    /// <summary>Draws the figures and gives each frame the height that it asks for, within bounds.</summary>
    public const string Script = """
        for (const figure of document.querySelectorAll('[data-figure]')) {
          const data = JSON.parse(document.getElementById(figure.dataset.figure).textContent);
          figure.style.minHeight = (data.layout?.height ?? 420) + 'px';
          Plotly.newPlot(figure, data.data, data.layout ?? {}, data.config ?? {displaylogo: false, responsive: true});
        }
        addEventListener('message', event => {
          const frame = [...document.querySelectorAll('iframe')].find(frame => frame.contentWindow === event.source);
          if (frame && typeof event.data?.height === 'number')
            frame.style.height = Math.min(Math.max(event.data.height, 20), 800) + 'px';
        });
        for (const frame of document.querySelectorAll('iframe')) frame.contentWindow.postMessage('height', '*');
        addEventListener('beforeprint', () => document.querySelectorAll('[data-figure]').forEach(figure => Plotly.Plots.resize(figure)));
        """;

    /// <summary>Runs inside a frame: tells its height when it has loaded and when asked.</summary>
    public const string FrameScript =
        "(()=>{const tell=()=>parent.postMessage({height:document.documentElement.offsetHeight+2},'*');addEventListener('load',tell);addEventListener('message',tell);})();";

    public const string Style = $$"""

        :root { color-scheme: light; --line: {{ChartPalette.Grid}}; --quiet: #6B7280; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1040px; padding: 24px; background: #fff; color: #111827; font: 15px/1.55 {{ChartPalette.Font}}; }
        header { border-bottom: 1px solid var(--line); padding-bottom: 12px; }
        h1 { margin: 0 0 12px; font-size: 28px; line-height: 1.2; }
        h2 { margin: 32px 0 8px; font-size: 21px; }
        h3 { margin: 24px 0 8px; font-size: 17px; }
        a { color: #005A8C; }
        a:focus-visible, summary:focus-visible { outline: 2px solid #005A8C; outline-offset: 2px; }
        .summary th { text-align: left; font-weight: 600; color: var(--quiet); padding: 1px 16px 1px 0; white-space: nowrap; vertical-align: top; }
        .summary td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
        nav ul { list-style: none; margin: 12px 0; padding: 0; columns: 2; }
        nav .l2 { padding-left: 12px; } nav .l3, nav .l4 { padding-left: 24px; }
        section { margin: 12px 0; }
        section.markdown table, .markdown table { border-collapse: collapse; }
        .markdown th, .markdown td { border-bottom: 1px solid var(--line); padding: 4px 12px 4px 0; text-align: left; }
        .markdown :is(p, li) { max-width: 80ch; }
        .code { border-left: 3px solid var(--line); padding-left: 12px; }
        .code.failed { border-left-color: {{ChartPalette.Alarm}}; }
        details > summary { color: var(--quiet); cursor: pointer; font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        details[open] > summary .first { visibility: hidden; }
        .tag { border: 1px solid var(--line); border-radius: 999px; padding: 0 8px; font-size: 12px; }
        pre { margin: 6px 0; padding: 8px 12px; overflow-x: auto; font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        pre.source { background: #F9FAFB; border: 1px solid var(--line); border-radius: 8px; }
        pre.stderr { background: #FDF1D8; } pre.error { background: #FBE6DC; white-space: pre-wrap; }
        p.failed { color: #8A3206; font-weight: 600; margin: 6px 0 0; }
        figure { margin: 8px 0; } img { max-width: 100%; }
        iframe { border: 0; width: 100%; height: 120px; }
        @media print {
          body { max-width: none; padding: 0; font-size: 12px; } nav { display: none; }
          section, figure { break-inside: avoid; } details:not([open]) { display: none; }
        }
        """;
}
