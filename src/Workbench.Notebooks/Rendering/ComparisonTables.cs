using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>The tables on top of a comparison: figures with their differences, parameters, and how each run went.</summary>
internal static class ComparisonTables
{
    public static string Figures(NotebookDocument left, NotebookDocument right)
    {
        var (a, b) = (KeyFigures.Of(left), KeyFigures.Of(right));
        var names = Names(a.Select(figure => figure.Name), b.Select(figure => figure.Name));
        if (names.Count == 0)
            return "";
        var rows = names.Select(name => FigureRow(name, a.Where(one => one.Name == name).ToList(), b.Where(one => one.Name == name).ToList()));
        return $"<h2 id=\"figures\">Figures</h2>{Table("Figures", ["Figure", "A", "B", "B − A", "relative"], rows)}";
    }

    public static string Parameters(RunSummary left, RunSummary right)
    {
        var (a, b) = (left.Parameters.ToDictionary(one => one.Name), right.Parameters.ToDictionary(one => one.Name));
        var names = Names(left.Parameters.Select(one => one.Name), right.Parameters.Select(one => one.Name));
        if (names.Count == 0)
            return "";
        var rows = names.Select(name => Row(name, Text(a, name), Text(b, name)));
        return $"<h2 id=\"parameters\">Parameters</h2>{Table("Parameters", ["Name", "A", "B"], rows)}";

        static string Text(Dictionary<string, (string Name, JsonNode? Value, JsonNode? Default, bool IsSet)> all, string name) =>
            all.TryGetValue(name, out var one) ? SummaryRenderer.ParameterText(one.Value) : "–";
    }

    public static string Runs(RunSummary left, RunSummary right)
    {
        var (a, b) = (Facts(left), Facts(right));
        var rows = Names(a.Select(fact => fact.Name), b.Select(fact => fact.Name))
            .Select(name => Row(name, a.Find(fact => fact.Name == name).Value ?? "–", b.Find(fact => fact.Name == name).Value ?? "–"));
        return $"<details class=\"environment\" open><summary>Runs</summary>{Table("Runs", ["", "A", "B"], rows)}</details>";
    }

    private static List<(string Name, string Value)> Facts(RunSummary run) =>
        [("Started", run.Started ?? "–"), ("Duration", run.Duration ?? "–"), ("Cells that ran", $"{run.CellsThatRan} of {run.CodeCells}"), .. run.Environment];

    private static string FigureRow(string name, List<(string Name, JsonNode? Value)> left, List<(string Name, JsonNode? Value)> right)
    {
        string a = left.Count > 0 ? KeyFigures.Text(left[0].Value) : "–", b = right.Count > 0 ? KeyFigures.Text(right[0].Value) : "–";
        var (difference, relative) = left.Count > 0 && right.Count > 0 && KeyFigures.Number(left[0].Value) is { } x && KeyFigures.Number(right[0].Value) is { } y
            ? (Signed(y - x, KeyFigures.NumberText(Math.Abs(y - x))), x != 0 ? Signed(y - x, (Math.Abs(y - x) / Math.Abs(x)).ToString("P2", CultureInfo.InvariantCulture)) : "–") : ("", "");
        var changed = left.Count != right.Count || (left.Count > 0 && !JsonNode.DeepEquals(left[0].Value, right[0].Value));
        return $"<tr{(changed ? " class=\"changed\"" : "")}><th scope=\"row\">{Encode(name)}</th><td class=\"number\">{Encode(a)}</td><td class=\"number\">{Encode(b)}</td><td class=\"number\">{difference}</td><td class=\"number\">{relative}</td></tr>";
    }

    private static string Signed(double difference, string size) => difference switch
    {
        > 0 => "+" + size,
        < 0 => "−" + size,
        _ => "0",
    };

    private static string Row(string name, string a, string b) =>
        $"<tr{(a == b ? "" : " class=\"changed\"")}><th scope=\"row\">{Encode(name)}</th><td>{Encode(a)}</td><td>{Encode(b)}</td></tr>";

    private static string Table(string label, string[] columns, IEnumerable<string> rows) =>
        $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table class=\"grid\"><thead><tr>{string.Concat(columns.Select((column, index) => $"<th scope=\"col\"{(index > 0 && columns.Length == 5 ? " class=\"number\"" : "")}>{column}</th>"))}</tr></thead><tbody>{string.Concat(rows)}</tbody></table></div>";

    private static List<string> Names(IEnumerable<string> left, IEnumerable<string> right) => left.Concat(right).Distinct(StringComparer.Ordinal).ToList();

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
