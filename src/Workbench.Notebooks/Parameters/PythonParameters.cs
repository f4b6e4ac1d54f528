using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Parameters;

/// <summary>Parameters in Python: what the cell assigns at its top level.</summary>
internal sealed partial class PythonParameters : ParameterLanguage
{
    public override string Comment => "#";

    public override IEnumerable<NotebookParameter> Read(string source, IReadOnlyList<string> earlier) =>
        PythonLines.Split(source).SelectMany(Read);

    public override string Assign(NotebookParameter parameter, JsonNode? value) => $"{parameter.Name} = {PythonLiteral.Write(value)}";

    // papermill would hand "true" on as a text, which is true in Python, and so would be "false".
    public override JsonNode? FromText(NotebookParameter parameter, string text) =>
        bool.TryParse(text, out bool flag) && (parameter.TypeName == "bool" || parameter.Default?.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            ? JsonValue.Create(flag)
            : ParameterText.Resolve(text);

    // "a: int = 1  # remark", "a = b = 2" and "a, b = 1, 2"; an indented line belongs to a block.
    private static IEnumerable<NotebookParameter> Read(PythonLine line)
    {
        if (line.Parts.Count < 2)
            yield break;
        var text = line.Parts[^1].Trim();
        var value = PythonLiteral.Parse(text);
        foreach (var target in line.Parts.SkipLast(1))
        {
            var names = target.Split(',', StringSplitOptions.RemoveEmptyEntries);
            foreach (var name in names)
                if (Target().Match(name) is { Success: true } match)
                    yield return new(match.Groups["name"].Value, match.Groups["type"] is { Success: true } type ? type.Value.Trim(' ', '"', '\'') : TypeOf(value, text), names.Length == 1 ? value : null)
                    {
                        DefaultText = names.Length == 1 ? text : null, Description = line.Remark,
                    };
        }
    }

    private static string? TypeOf(JsonNode? value, string text) => value switch
    {
        JsonArray => "list",
        JsonObject => "dict",
        JsonValue => value.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.String => "str",
            _ => text.AsSpan().ContainsAny('.', 'e', 'E') ? "float" : "int",
        },
        _ => null,
    };

    [GeneratedRegex(@"^\s*\(?\s*(?<name>[\p{L}_]\w*)\s*\)?\s*(:(?<type>.+))?$", RegexOptions.Singleline)]
    private static partial Regex Target();
}
