using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;

namespace Workbench.Notebooks.Parameters;

/// <summary>Writes a parameter's value as F# source.</summary>
internal static class FSharpLiteral
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The value as an F# expression of the type, or of its own kind when the type is unknown or has no literal.</summary>
    /// <exception cref="FormatException">The value does not fit the type.</exception>
    public static string Write(JsonNode? value, string? typeName)
    {
        var type = typeName?.Trim() ?? "";
        if (type.EndsWith(" option", StringComparison.Ordinal))
            return value is null ? "None" : $"Some ({Write(value, type[..^" option".Length])})";
        if (type.EndsWith(" list", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) || type.EndsWith(" array", StringComparison.Ordinal))
            return List(value, type);
        var text = value is null ? "null" : ParameterText.NotFinite(value) is { } special ? special.ToString(Culture) : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        return type switch
        {
            "int" or "int32" => int.TryParse(text, NumberStyles.AllowLeadingSign, Culture, out int number) ? number.ToString(Culture) : throw Misfit(text, type, "a whole number such as 12"),
            "int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, Culture, out long number) ? number.ToString(Culture) + "L" : throw Misfit(text, type, "a whole number such as 12"),
            "float" or "double" => double.TryParse(text, NumberStyles.Float, Culture, out double number) ? Floating(number) : throw Misfit(text, type, "a number such as 0.5"),
            "decimal" => decimal.TryParse(text, NumberStyles.Float, Culture, out decimal number) ? number.ToString(Culture) + "m" : throw Misfit(text, type, "a number such as 0.5"),
            "bool" => bool.TryParse(text, out bool flag) ? (flag ? "true" : "false") : throw Misfit(text, type, "true or false"),
            "string" => value is null ? "null" : SymbolDisplay.FormatLiteral(text, quote: true),
            "" => Untyped(value),
            _ => throw new FormatException($"Its type {type} takes no value from outside. Known: int, int64, float, decimal, bool, string, and option, list and array of these."),
        };
    }

    private static string List(JsonNode? value, string type)
    {
        bool isArray = !type.EndsWith(" list", StringComparison.Ordinal);
        var element = type[..type.LastIndexOfAny(isArray && type.EndsWith(']') ? ['['] : [' '])];
        return value is JsonArray items
            ? $"{(isArray ? "[|" : "[")} {string.Join("; ", items.Select(item => Write(item, element)))} {(isArray ? "|]" : "]")}"
            : throw Misfit(value?.ToJsonString() ?? "null", type, "a list such as [1, 2]");
    }

    private static string Untyped(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray items => $"[ {string.Join("; ", items.Select(Untyped))} ]",
        JsonObject map => $"dict [ {string.Join("; ", map.Select(pair => $"{SymbolDisplay.FormatLiteral(pair.Key, quote: true)}, box ({Untyped(pair.Value)})"))} ]",
        _ when ParameterText.NotFinite(value) is { } number => Floating(number),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number when int.TryParse(value.ToJsonString(), Culture, out int small) => small.ToString(Culture),
            JsonValueKind.Number when long.TryParse(value.ToJsonString(), Culture, out long large) => large.ToString(Culture) + "L",
            JsonValueKind.Number => Floating(double.Parse(value.ToJsonString(), Culture)),
            _ => SymbolDisplay.FormatLiteral(value.GetValue<string>(), quote: true),
        },
    };

    private static string Floating(double number) => number switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "infinity",
        double.NegativeInfinity => "-infinity",
        _ => number.ToString("R", Culture) is var text && text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0",
    };

    private static FormatException Misfit(string value, string type, string wanted) => new($"'{value}' is no {type}. Give {wanted}.");
}
