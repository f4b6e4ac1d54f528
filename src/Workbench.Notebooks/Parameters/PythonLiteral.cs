using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Parameters;

/// <summary>Writes and reads values as Python source.</summary>
internal static partial class PythonLiteral
{
    /// <summary>The value as a Python expression.</summary>
    public static string Write(JsonNode? value) => value switch
    {
        null => "None",
        JsonArray items => $"[{string.Join(", ", items.Select(Write))}]",
        JsonObject map => $"{{{string.Join(", ", map.Select(pair => $"{Quote(pair.Key)}: {Write(pair.Value)}"))}}}",
        _ when ParameterText.NotFinite(value) is { } number => $"float('{(double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf")}')",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            JsonValueKind.String => Quote(value.GetValue<string>()),
            _ => value.ToJsonString(), // a JSON number is a Python one
        },
    };

    /// <summary>The value of a literal, or null when the expression is none (or is <c>None</c>, a tuple, or a text with a prefix).</summary>
    public static JsonNode? Parse(string text)
    {
        int place = 0;
        return TryValue(text, ref place, out var value) && text.AsSpan(place).IsWhiteSpace() ? value : null;
    }

    private static bool TryValue(string text, ref int place, out JsonNode? value)
    {
        Skip(text, ref place);
        value = null;
        if (place >= text.Length)
            return false;
        if (text[place] == '[')
            return TryList(text, ref place, out value);
        if (text[place] == '{')
            return TryMap(text, ref place, out value);
        if (text[place] is '"' or '\'')
            return TryText(text, ref place, out value);
        var word = Word().Match(text, place);
        place += word.Length;
        value = word.Value switch { "True" => JsonValue.Create(true), "False" => JsonValue.Create(false), _ => ParameterText.Number(word.Value) };
        return word.Value == "None" || (value is not null && ParameterText.NotFinite(value) is null);
    }

    private static bool TryList(string text, ref int place, out JsonNode? value)
    {
        var list = new JsonArray();
        value = list;
        place++;
        while (!TryEnd(text, ref place, ']'))
        {
            if (!TryValue(text, ref place, out var item) || !TrySeparator(text, ref place, ']'))
                return false;
            list.Add(item);
        }
        return true;
    }

    private static bool TryMap(string text, ref int place, out JsonNode? value)
    {
        var map = new JsonObject();
        value = map;
        place++;
        while (!TryEnd(text, ref place, '}'))
        {
            if (!TryValue(text, ref place, out var key) || key is null || !TryEnd(text, ref place, ':') || !TryValue(text, ref place, out var item) || !TrySeparator(text, ref place, '}'))
                return false;
            map[key.GetValueKind() == JsonValueKind.String ? key.GetValue<string>() : key.ToJsonString()] = item;
        }
        return true;
    }

    private static bool TryText(string text, ref int place, out JsonNode? value)
    {
        var match = Quoted().Match(text, place);
        place += match.Length;
        value = match.Success ? JsonValue.Create(Regex.Unescape(match.Groups["text"].Value.Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal))) : null;
        return match.Success;
    }

    private static bool TryEnd(string text, ref int place, char end)
    {
        Skip(text, ref place);
        if (place >= text.Length || text[place] != end)
            return false;
        place++;
        return true;
    }

    private static bool TrySeparator(string text, ref int place, char end)
    {
        Skip(text, ref place);
        if (place < text.Length && text[place] == ',')
            place++;
        else if (place >= text.Length || text[place] != end)
            return false;
        return true;
    }

    private static void Skip(string text, ref int place)
    {
        while (place < text.Length && char.IsWhiteSpace(text[place]))
            place++;
    }

    // Not JSON's escapes: those would cut a character beyond U+FFFF into two, which Python does not join again.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in text)
            quoted.Append(letter switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => letter.ToString(),
            });
        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\G[\w.+-]+")]
    private static partial Regex Word();

    // Simple escapes only; a text with others has no default that could be shown as a value.
    [GeneratedRegex(@"\G(?<q>""|')(?<text>(?:[^\\\n""']|\\[\\nrt'""]|(?!\k<q>)[""'])*)\k<q>")]
    private static partial Regex Quoted();
}
