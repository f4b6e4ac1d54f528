using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workbench.Charts;

namespace Workbench.Reports;

/// <summary>
/// A report as one HTML file that needs no network: charts are drawn by the plotly.js inside it, and its content security
/// policy forbids every connection and every script but its own. A file with charts is 3.6 MB and its data more, one
/// without is a few kilobytes. The same calls give the same text. Not thread-safe.
/// </summary>
/// <example><code>
/// var report = new HtmlReport("Churn, month 13");
/// report.Section("Result").Status(ReportStatus.Passed, "passed", "Better than the champion.").Cards(("accuracy", "0.941"));
/// report.Save("report.html");
/// </code></example>
public sealed class HtmlReport
{
    private readonly List<HtmlSection> _sections = [];
    private readonly List<PlotlyFigure> _figures = [];
    private readonly List<HtmlInclude> _includes = [];
    private readonly string _title;
    private readonly string _subtitle;

    /// <summary>Begins a report; <paramref name="subtitle"/> is a line below the title, such as when and from what it was made.</summary>
    public HtmlReport(string title, string subtitle = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        _title = title;
        _subtitle = subtitle;
    }

    /// <summary>Adds a section and returns it to be filled.</summary>
    public HtmlSection Section(string heading)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(heading);
        var section = new HtmlSection(heading, _figures);
        _sections.Add(section);
        return section;
    }

    /// <summary>Adds what sections with a script of their own need; once a page, however many sections need the same.</summary>
    internal void Include(HtmlInclude include)
    {
        if (_includes.Exists(known => known.DataId == include.DataId))
            throw new InvalidOperationException($"The page has figures of the id '{include.DataId}' already; give a page one such report.");
        _includes.Add(include);
    }

    /// <summary>The whole file as text.</summary>
    public string Render()
    {
        string[] plotly = _figures.Count > 0 ? [PlotlyScript.Read(), HtmlReportAssets.Draw] : [];
        var scripts = plotly.Concat(_includes.Select(include => include.Script)).Select(Script).ToArray();
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy(scripts)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{HtmlText.Encode(_title)}</title>
            <style>{HtmlReportAssets.Style}{string.Concat(_includes.Select(include => include.Style))}</style>
            </head>
            <body>
            <header><h1>{HtmlText.Encode(_title)}</h1>{(_subtitle.Length > 0 ? $"<p>{HtmlText.Encode(_subtitle)}</p>" : "")}</header>
            {Contents()}<main>
            {string.Concat(_sections.Select(Body))}</main>
            {string.Concat(_figures.Select(Data))}{string.Concat(_includes.Select(Data))}{string.Concat(scripts.Select(script => $"<script>{script}</script>\n"))}</body>
            </html>

            """;
    }

    /// <summary>Writes the file, through a temporary name, so that a reader never sees half of it; makes its folder.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Save(string path)
    {
        string full = Path.GetFullPath(path), temporary = $"{full}.{Environment.ProcessId}.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(full)!); // a full path of a file has a folder
        File.WriteAllText(temporary, Render());
        File.Move(temporary, full, overwrite: true);
    }

    // plotly.js writes style attributes, so styles are free; scripts run only by their hash, and nothing is ever fetched.
    private static string Policy(string[] scripts) =>
        $"default-src 'none'; script-src {(scripts.Length > 0 ? string.Join(' ', scripts.Select(Hash)) : "'none'")}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

    private static string Hash(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    // The browser hashes what its parser made of the text, which knows one line ending only.
    private static string Script(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    private string Contents() => _sections.Count < 2 ? "" : $"""
        <nav aria-label="Contents"><ul>{string.Concat(_sections.Select((section, i) => $"<li><a href=\"#{Anchor(i)}\">{HtmlText.Encode(section.Heading)}</a></li>"))}</ul></nav>

        """;

    private static string Body(HtmlSection section, int index) =>
        $"<section aria-labelledby=\"{Anchor(index)}\"><h2 id=\"{Anchor(index)}\">{HtmlText.Encode(section.Heading)}</h2>\n{section.Html}</section>\n";

    private static string Anchor(int index) => string.Create(CultureInfo.InvariantCulture, $"section-{index + 1}");

    private static string Data(HtmlInclude include) => $"<script type=\"application/json\" id=\"{include.DataId}\">{include.Json}</script>\n";

    // The JSON escapes <, so that no value can end the element.
    private static string Data(PlotlyFigure figure, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"<script type=\"application/json\" id=\"figure-{index + 1}\">{figure.ToJson()}</script>\n");
}
