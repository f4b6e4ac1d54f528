using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Promotion;

/// <summary>What one cell says about its step, in a tag, in <c>metadata.workbench.step</c> or in a first line <c>#!step</c>.</summary>
internal sealed record StepDetails(string? Name, IReadOnlyList<string>? Inputs, IReadOnlyList<string>? Outputs, TimeSpan? Timeout, int? Retries)
{
    public static StepDetails FromTags(NotebookCell cell) =>
        new(cell.Tags.FirstOrDefault(tag => tag.StartsWith(CellTags.StepPrefix, StringComparison.Ordinal))?[CellTags.StepPrefix.Length..], null, null, null, null);

    /// <exception cref="FormatException">A property has the wrong form.</exception>
    public static StepDetails? FromMetadata(NotebookCell cell)
    {
        if (cell.Metadata["workbench"]?["step"] is not { } node)
            return null;
        if (node is not JsonObject json)
            throw new FormatException("metadata.workbench.step is no object");
        return new(json["name"]?.ToString(), Names(json["inputs"], "inputs"), Names(json["outputs"], "outputs"), Duration(json["timeout"]?.ToString()), Count(json["retries"]?.ToString()));
    }

    /// <exception cref="FormatException">The line has the wrong form.</exception>
    public static StepDetails? FromMagic(NotebookCell cell)
    {
        var line = cell.Source.TrimStart().Split('\n')[0];
        if (!line.StartsWith($"#!{LanguageNames.StepMagic} ", StringComparison.Ordinal))
            return null;
        var options = MagicOptions.Parse(line);
        try
        {
            options.AllowOnly("in", "out", "timeout", "retries");
        }
        catch (ArgumentException failure)
        {
            throw new FormatException(failure.Message, failure);
        }
        if (options.Words is not [var name])
            throw new FormatException($"'{line}' names no step; write #!step NAME --in a,b --out c");
        string? Value(string option) => options.Values.GetValueOrDefault(option);
        return new(name, Split(Value("in")), Split(Value("out")), Duration(Value("timeout")), Count(Value("retries")));
    }

    private static List<string>? Split(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();

    private static List<string>? Names(JsonNode? node, string property) => node switch
    {
        null => null,
        JsonArray names => names.Select(name => name?.ToString() ?? "").ToList(),
        _ => throw new FormatException($"metadata.workbench.step.{property} is no list of names"),
    };

    private static TimeSpan? Duration(string? text) => text is null ? null
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && duration > TimeSpan.Zero ? duration
        : throw new FormatException($"timeout '{text}' is no duration above zero such as 00:10:00");

    private static int? Count(string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 10 ? count
        : throw new FormatException($"retries '{text}' is no number from 0 to 10");
}
