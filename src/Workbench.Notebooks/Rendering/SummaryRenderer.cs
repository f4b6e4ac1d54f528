using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>The top of a report: how it went, the figures, with what it ran.</summary>
internal static class SummaryRenderer
{
    public static string Render(NotebookDocument document, string title)
    {
        var run = new RunSummary(document);
        var html = new StringBuilder($"<h1>{WebUtility.HtmlEncode(title)}</h1>").Append(State(run)).Append(Remarks(run)).Append(Failures(run));
        if (KeyFigures.Of(document) is { Count: > 0 } figures)
            html.Append($"<h2 id=\"figures\">Figures</h2>{OutputRenderer.Cards(figures)}");
        if (run.Parameters is { Count: > 0 } parameters)
            html.Append($"<h2 id=\"parameters\">Parameters</h2>{Parameters(parameters)}");
        html.Append($"<details class=\"environment\" open><summary>Environment</summary>{Facts(run.Environment)}</details>");
        return html.Append(Buttons(document)).ToString();
    }

    /// <summary>A word for how far the run came, with a sign for those who do not see its colour.</summary>
    public static string Badge(RunState state) => state switch
    {
        RunState.Completed => "<span class=\"badge passed\">✓ Completed</span>",
        RunState.Failed => "<span class=\"badge refused\">✗ Failed</span>",
        RunState.Partial => "<span class=\"badge warning\">! Not finished</span>",
        _ => "<span class=\"badge neutral\">– Not run</span>",
    };

    /// <summary>The errors, each with a link to its cell.</summary>
    public static string Failures(RunSummary run, string anchor = "cell-") => string.Concat(run.Failures.Select(failure =>
        $"<p class=\"failed\">Cell <a href=\"#{WebUtility.HtmlEncode(anchor + failure.Cell.Id)}\">[{CellRenderer.Number(failure.Cell)}]</a> failed: {WebUtility.HtmlEncode(Short(failure.Message))}</p>"));

    /// <summary>Names and texts in two columns.</summary>
    public static string Facts(IEnumerable<(string Name, string Value)> facts) =>
        $"<table class=\"facts\">{string.Concat(facts.Select(fact => $"<tr><th scope=\"row\">{WebUtility.HtmlEncode(fact.Name)}</th><td>{WebUtility.HtmlEncode(fact.Value)}</td></tr>"))}</table>";

    /// <summary>A parameter's value as JSON, so that a text differs from a number.</summary>
    public static string ParameterText(JsonNode? value) => value?.ToJsonString(JsonText.Readable) ?? "–";

    private static string State(RunSummary run)
    {
        string[] facts = [run.Started ?? "", run.Duration ?? "", $"{run.CellsThatRan} of {run.CodeCells} code cells ran"];
        return $"<p class=\"state\">{Badge(run.State)} {string.Join(" · ", facts.Where(fact => fact.Length > 0))}</p>";
    }

    private static string Remarks(RunSummary run) =>
        (run.RanInOrder ? "" : "<p class=\"remark\">The cells did not run from top to bottom: another run may give other results.</p>")
        + (run.State == RunState.Failed && run.Failures.Count == 0 ? "<p class=\"failed\">The run ended before its last cell.</p>" : "")
        + (run.LeftOut == 0 ? "" : $"<p class=\"remark\">Tags of the notebook keep {run.LeftOut} {(run.LeftOut == 1 ? "cell" : "cells")}, or a part of {(run.LeftOut == 1 ? "it" : "them")}, off this page (remove-cell, remove-input, remove-output).</p>");

    private static string Parameters(IReadOnlyList<(string Name, JsonNode? Value, JsonNode? Default, bool IsSet)> parameters) =>
        $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\"><table class=\"grid\"><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Value</th><th scope=\"col\">Default</th></tr></thead><tbody>{string.Concat(parameters.Select(Row))}</tbody></table></div>";

    private static string Row((string Name, JsonNode? Value, JsonNode? Default, bool IsSet) parameter) =>
        $"<tr><th scope=\"row\">{WebUtility.HtmlEncode(parameter.Name)}</th><td>{(parameter.IsSet ? $"<strong>{WebUtility.HtmlEncode(ParameterText(parameter.Value))}</strong>" : "at its default")}</td><td>{WebUtility.HtmlEncode(ParameterText(parameter.Default))}</td></tr>";

    private static string Buttons(NotebookDocument document) => document.Cells.Any(cell => cell.Type == CellType.Code)
        ? "<p class=\"buttons\"><button type=\"button\" data-code=\"show\">Show all code</button> <button type=\"button\" data-code=\"hide\">Hide all code</button></p>" : "";

    private static string Short(string text) => text.Length > 500 ? text[..500] + "…" : text;
}
