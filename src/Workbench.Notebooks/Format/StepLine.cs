using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Format;

/// <summary>
/// The line <c>#!step train --in a,b --out c --timeout 00:10:00 --retries 2</c>, which says in a source what the tag
/// <c>step:train</c> and <c>metadata.workbench.step</c> say beside it. A .dib has only sources.
/// </summary>
internal static partial class StepLine
{
    private const string Prefix = "#!step ";

    public static bool Is(string line) => line.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Moves a first line <c>#!step</c> into the tag and the metadata, unless that would change what it says.</summary>
    public static void Lift(NotebookCell cell)
    {
        var (line, rest) = cell.Source.Split('\n', 2) is [var first, var others] ? (first, others) : (cell.Source, "");
        if (Full().Match(line) is not { Success: true } match || Is(rest.TrimStart()))
            return;
        JsonArray? Names(string group) => match.Groups[group] is { Success: true } found ? new(found.Value.Split(',').Select(name => (JsonNode?)name).ToArray()) : null;
        var details = new JsonObject();
        if (Names("in") is { } inputs)
            details["inputs"] = inputs;
        if (Names("out") is { } outputs)
            details["outputs"] = outputs;
        if (match.Groups["timeout"] is { Success: true } timeout)
            details["timeout"] = timeout.Value;
        if (match.Groups["retries"] is { Success: true } retries)
            details["retries"] = int.Parse(retries.Value, CultureInfo.InvariantCulture);
        cell.Source = rest;
        cell.Metadata["tags"] = new JsonArray(CellTags.StepPrefix + match.Groups["name"].Value);
        if (details.Count > 0)
            cell.Metadata["workbench"] = new JsonObject { ["step"] = details };
    }

    /// <summary>The line for a cell's tag and metadata; null when it has no such tag, or says what a line cannot.</summary>
    public static string? Of(NotebookCell cell)
    {
        if (cell.Tags.Where(tag => tag.StartsWith(CellTags.StepPrefix, StringComparison.Ordinal)).ToList() is not [var tag])
            return null;
        var line = Prefix + tag[CellTags.StepPrefix.Length..];
        var workbench = cell.Metadata["workbench"];
        if (workbench is JsonObject { Count: 1 } holder && holder["step"] is JsonObject details)
        {
            string Option(string property, string option) => details[property] switch
            {
                null => "",
                JsonArray names => $" --{option} {string.Join(',', names.Select(name => name?.ToString()))}",
                var value => $" --{option} {value}",
            };
            if (details.Any(pair => pair.Key is not ("inputs" or "outputs" or "timeout" or "retries")))
                return null;
            line += Option("inputs", "in") + Option("outputs", "out") + Option("timeout", "timeout") + Option("retries", "retries");
        }
        else if (workbench is not null)
        {
            return null;
        }
        return Full().IsMatch(line) ? line : null;
    }

    // Only what Of writes: any other spelling stays a line of the source.
    [GeneratedRegex(@"^#!step (?<name>[A-Za-z][A-Za-z0-9_-]*)( --in (?<in>[\w,]+))?( --out (?<out>[\w,]+))?( --timeout (?<timeout>[\d:.]+))?( --retries (?<retries>\d{1,2}))?$")]
    private static partial Regex Full();
}
