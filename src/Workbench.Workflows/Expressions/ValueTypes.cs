using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Expressions;

/// <summary>
/// Elsa's type names and the JSON they take. The designer saves edited literals as text, so <c>"12"</c> is a valid Int32;
/// empty text is null for every type but String. Types that are not listed take any JSON.
/// </summary>
internal static class ValueTypes
{
    public static bool TryConvert(string typeName, JsonNode? value, out JsonNode? converted, [NotNullWhen(false)] out string? problem)
    {
        var type = Normalize(typeName);
        converted = null;
        problem = null;
        if (value is null || (type != "String" && IsEmptyText(value)))
            return true;
        if (type == "Object")
            converted = value.DeepClone();
        else if (value is JsonValue scalar)
            converted = Convert(type, scalar);
        if (converted is null)
            problem = $"The value {Shorten(value)} is no {typeName}. {Example(type)}";
        return problem is null;
    }

    /// <summary>Whether some value of the one type is a value of the other.</summary>
    public static bool MayFit(string from, string to) => (Family(Normalize(from)), Family(Normalize(to))) is var (source, target)
        && (source == target || source is "any" or "text" || target is "any" or "text");

    private static string Family(string type) => type switch
    {
        "Object" => "any",
        "String" => "text",
        "Int32" or "Int64" or "Single" or "Double" or "Decimal" => "number",
        "DateTime" or "DateTimeOffset" => "moment",
        _ => type,
    };

    private static string Normalize(string typeName)
    {
        var name = typeName.TrimEnd('?');
        name = name.StartsWith("System.", StringComparison.Ordinal) ? name["System.".Length..] : name;
        return name is "String" or "Boolean" or "Int32" or "Int64" or "Single" or "Double" or "Decimal" or "Guid"
            or "DateTime" or "DateTimeOffset" or "TimeSpan" ? name : "Object";
    }

    private static JsonNode? Convert(string type, JsonValue value)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            "String" => text,
            "Boolean" => bool.TryParse(text, out var truth) ? truth : null,
            "Int32" => int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null,
            "Int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null,
            "Single" or "Double" => double.TryParse(text, NumberStyles.Float, culture, out var number) && double.IsFinite(number) ? number : null,
            "Decimal" => decimal.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null,
            "Guid" => Guid.TryParse(text, out _) ? text : null,
            "TimeSpan" => TimeSpan.TryParse(text, culture, out _) ? text : null,
            _ => DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out _) ? text : null,
        };
    }

    private static bool IsEmptyText(JsonNode value) => WorkflowJson.Text(value) is { Length: 0 };

    private static string Shorten(JsonNode value)
    {
        var text = WorkflowJson.Write(value);
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    private static string Example(string type) => type switch
    {
        "Boolean" => "Write true or false.",
        "Int32" or "Int64" => "Write a whole number such as 12.",
        "Single" or "Double" or "Decimal" => "Write a finite number such as 0.2.",
        "TimeSpan" => "Write hours, minutes and seconds such as 00:10:00.",
        "Guid" => "Write 32 hexadecimal digits.",
        "DateTime" or "DateTimeOffset" => "Write ISO 8601 such as 2025-04-08T00:00:00Z.",
        _ => "Write plain text.",
    };
}
