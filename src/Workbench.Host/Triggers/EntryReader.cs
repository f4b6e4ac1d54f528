using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Host.Triggers;

/// <summary>Reads the options of one entry and remembers everything that is wrong with them.</summary>
internal sealed class EntryReader(JsonObject entry)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Add(string problem) => _problems.Add(problem);

    public bool Has(string name) => entry[name] is not null;

    /// <summary>A text that has to be there; empty, with a problem, when it is not.</summary>
    public string Required(string name, string what)
    {
        var text = Text(name);
        if (text is null && !Has(name))
            Add($"{name} is missing. Give {what}.");
        return text ?? "";
    }

    public string? Text(string name)
    {
        if (entry[name] is not { } node)
            return null;
        if (node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0)
            return text;
        Add($"{name} is {node.ToJsonString()}; allowed is a text.");
        return null;
    }

    /// <summary>A text that is one of those allowed.</summary>
    public string Choice(string name, string fallback, IReadOnlyList<string> allowed)
    {
        var text = Text(name) ?? fallback;
        if (!allowed.Contains(text))
            Add($"{name} is '{text}'.{Suggestion.DidYouMean(text, allowed)} Allowed: {string.Join(", ", allowed)}.");
        return text;
    }

    /// <summary>A number within bounds, or null when there is none.</summary>
    public double? Number(string name, double least, double most)
    {
        if (entry[name] is not { } node)
            return null;
        if (node is JsonValue value && value.TryGetValue(out double number) && number >= least && number <= most)
            return number;
        Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {node.ToJsonString()}; allowed are numbers from {least} to {most}."));
        return null;
    }

    /// <summary>A time within bounds, such as 00:00:30.</summary>
    public TimeSpan Time(string name, TimeSpan fallback, TimeSpan least, TimeSpan most)
    {
        if (entry[name] is not { } node)
            return fallback;
        if (node is JsonValue value && value.TryGetValue(out string? text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= least && time <= most)
            return time;
        Add($"{name} is {node.ToJsonString()}; allowed are times from {least} to {most}, such as \"{fallback}\".");
        return fallback;
    }
}
