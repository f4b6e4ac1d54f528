using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;

namespace Workbench.Notebooks.Parameters;

/// <summary>Writes a parameter's value as source text.</summary>
internal static class ParameterLiteral
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The value as a C# expression of <paramref name="typeName"/>, or of its own kind when the type is unknown.</summary>
    /// <exception cref="FormatException">The value does not fit the type.</exception>
    public static string CSharp(JsonNode? value, string? typeName)
    {
        var type = typeName?.TrimEnd('?') ?? "";
        if (value is null)
            return typeName is null || typeName.EndsWith('?') || type is "string" ? "null" : throw Misfit("null", typeName, "a value");
        var text = value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        return type switch
        {
            "" => Untyped(value),
            "string" => Quote(text),
            "bool" => bool.TryParse(text, out bool flag) ? (flag ? "true" : "false") : throw Misfit(text, type, "true or false"),
            "int" => int.TryParse(text, NumberStyles.Integer, Culture, out int number) ? number.ToString(Culture) : throw Misfit(text, type, "a whole number such as 12"),
            "long" => long.TryParse(text, NumberStyles.Integer, Culture, out long number) ? number.ToString(Culture) + "L" : throw Misfit(text, type, "a whole number such as 12"),
            "double" => double.TryParse(text, NumberStyles.Float, Culture, out double number) ? Floating(number, "double", "d") : throw Misfit(text, type, "a number such as 0.5"),
            "float" => float.TryParse(text, NumberStyles.Float, Culture, out float number) ? Floating(number, "float", "f") : throw Misfit(text, type, "a number such as 0.5"),
            "decimal" => decimal.TryParse(text, NumberStyles.Float, Culture, out decimal number) ? number.ToString(Culture) + "m" : throw Misfit(text, type, "a number such as 0.5"),
            "DateTime" => DateTime.TryParse(text, Culture, DateTimeStyles.RoundtripKind, out _) ? Parsed("System.DateTime", text, ", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind") : throw Misfit(text, type, "a time such as 2025-04-08T00:00:00Z"),
            "DateTimeOffset" => DateTimeOffset.TryParse(text, Culture, out _) ? Parsed("System.DateTimeOffset", text) : throw Misfit(text, type, "a time such as 2025-04-08T00:00:00Z"),
            "DateOnly" => DateOnly.TryParse(text, Culture, out _) ? Parsed("System.DateOnly", text) : throw Misfit(text, type, "a day such as 2025-04-08"),
            "TimeSpan" => TimeSpan.TryParse(text, Culture, out _) ? Parsed("System.TimeSpan", text) : throw Misfit(text, type, "a duration such as 00:10:00"),
            _ => $"System.Text.Json.JsonSerializer.Deserialize<{type}>({Quote(value.ToJsonString())})!",
        };
    }

    /// <summary>The value as a Python expression.</summary>
    public static string Python(JsonNode? value) => value switch
    {
        null => "None",
        JsonArray items => $"[{string.Join(", ", items.Select(Python))}]",
        JsonObject map => $"{{{string.Join(", ", map.Select(pair => $"{JsonSerializer.Serialize(pair.Key)}: {Python(pair.Value)}"))}}}",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            _ => value.ToJsonString(), // a JSON string or number is a Python one
        },
    };

    private static string Untyped(JsonNode value) => value switch
    {
        JsonArray items => $"new[] {{ {string.Join(", ", items.Select(item => CSharp(item, null)))} }}",
        JsonObject => $"System.Text.Json.Nodes.JsonNode.Parse({Quote(value.ToJsonString())})!",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number when int.TryParse(value.ToJsonString(), Culture, out int number) => number.ToString(Culture),
            JsonValueKind.Number when long.TryParse(value.ToJsonString(), Culture, out long number) => number.ToString(Culture) + "L",
            JsonValueKind.Number => value.ToJsonString() + "d",
            _ => Quote(value.GetValue<string>()),
        },
    };

    private static string Floating(double value, string type, string suffix) => value switch
    {
        double.NaN => type + ".NaN",
        double.PositiveInfinity => type + ".PositiveInfinity",
        double.NegativeInfinity => type + ".NegativeInfinity",
        _ => (type == "float" ? ((float)value).ToString("R", Culture) : value.ToString("R", Culture)) + suffix,
    };

    private static string Parsed(string type, string text, string more = ", System.Globalization.CultureInfo.InvariantCulture") => $"{type}.Parse({Quote(text)}{more})";

    private static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static FormatException Misfit(string value, string? type, string wanted) => new($"'{value}' is no {type}. Give {wanted}.");
}
