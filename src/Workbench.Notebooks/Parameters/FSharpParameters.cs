using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Parameters;

/// <summary>Parameters in F#: what the cell binds with <c>let</c> at its top level.</summary>
internal sealed partial class FSharpParameters : ParameterLanguage
{
    public override string Comment => "//";

    public override IEnumerable<NotebookParameter> Read(string source, IReadOnlyList<string> earlier) =>
        Binding().Matches(WithoutLanguageLine(source)).Select(match =>
        {
            var (text, type) = (match.Groups["value"].Value.Trim(), match.Groups["type"].Value.Trim());
            var value = Literal(text);
            return new NotebookParameter(match.Groups["name"].Value.Trim('`'), type.Length > 0 ? type : TypeOf(value, text), value)
            {
                DefaultText = text.Length > 0 ? text : null,
                Description = match.Groups["remark"].Value.Trim() is { Length: > 0 } remark ? remark : null,
                Declaration = match.Groups["mutable"].Success ? "let mutable " : "let ",
            };
        });

    public override string Assign(NotebookParameter parameter, JsonNode? value)
    {
        var name = Identifier().IsMatch(parameter.Name) ? parameter.Name : $"``{parameter.Name}``";
        return $"{parameter.Declaration}{name}{(parameter.TypeName is { } type ? $" : {type}" : "")} = {FSharpLiteral.Write(value, parameter.TypeName)}";
    }

    public override JsonNode? FromText(NotebookParameter parameter, string text) => parameter.TypeName switch
    {
        "string" => JsonValue.Create(text),
        "bool" when bool.TryParse(text, out bool flag) => JsonValue.Create(flag),
        _ => ParameterText.Resolve(text),
    };

    private static JsonNode? Literal(string text)
    {
        if (text is "true" or "false")
            return JsonValue.Create(text == "true");
        if (text.Length > 1 && text[0] == '"' && text[^1] == '"' && !text[1..^1].AsSpan().ContainsAny('"', '\\'))
            return JsonValue.Create(text[1..^1]);
        var number = ParameterText.Number(text.EndsWith('L') ? text[..^1] : text);
        return number is not null && ParameterText.NotFinite(number) is null ? number : null;
    }

    private static string? TypeOf(JsonNode? value, string text) => value?.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => text.EndsWith('L') ? "int64" : text.AsSpan().ContainsAny('.', 'e', 'E') ? "float" : "int",
        _ => null,
    };

    [GeneratedRegex(@"^let\s+(?<mutable>mutable\s+)?(?<name>``[^`\n]+``|[\p{L}_][\w']*)\s*(:\s*(?<type>[^=\n]+?)\s*)?=[ \t]*(?<value>(?:""[^""\n]*""|[^\n/]|/(?!/))*)(//(?<remark>[^\n]*))?", RegexOptions.Multiline)]
    private static partial Regex Binding();

    [GeneratedRegex(@"^[\p{L}_][\w']*$")]
    private static partial Regex Identifier();
}
