using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Host.Activities;

/// <summary>One value of an activity's input: between the JSON of a step and the type of an option.</summary>
internal static class InputValue
{
    /// <summary>The value of that name, whatever its case; a value that a notebook step handed on carries its kind and type beside it.</summary>
    public static JsonNode? Find(JsonObject inputs, string name) =>
        inputs.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value switch
        {
            JsonObject handed when (string?)handed["kind"] == "json" && handed.ContainsKey("type") => handed["json"],
            JsonValue text when text.TryGetValue(out string? empty) && empty.Length == 0 => null,
            var value => value,
        };

    /// <summary>Elsa's name of a type of options.</summary>
    public static string TypeNameOf(Type type) =>
        type.IsEnum ? "String"
        : type == typeof(string) || type == typeof(int) || type == typeof(double) || type == typeof(bool) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) ? type.Name
        : "Object";

    /// <summary>The editor that suits a type of options.</summary>
    public static string EditorOf(Type type) =>
        type == typeof(bool) ? Editors.CheckBox
        : type.IsEnum ? Editors.DropDown
        : type == typeof(DateTimeOffset) ? Editors.DateTime
        : type == typeof(IReadOnlyList<string>) ? Editors.MultiText
        : TypeNameOf(type) == "Object" ? Editors.Json
        : Editors.SingleLine;

    /// <summary>A default as it stands in a definition; null for none.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null or "" or JsonObject { Count: 0 } or IReadOnlyList<string> { Count: 0 } => null,
        JsonNode node => node.DeepClone(),
        Enum choice => choice.ToString(),
        TimeSpan time => time.ToString("c"),
        _ => JsonSerializer.SerializeToNode(value),
    };

    /// <summary>The value as <paramref name="type"/>; <paramref name="allowed"/> says what it takes when the value is none.</summary>
    public static bool TryConvert(JsonNode given, Type type, out object? value, [NotNullWhen(false)] out string? allowed)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        (value, allowed) = Convert(Parsed(given, type), type);
        if (value is not null)
            allowed = null;
        return value is not null;
    }

    private static (object? Value, string Allowed) Convert(JsonNode given, Type type)
    {
        var (text, culture) = (given.ToString(), CultureInfo.InvariantCulture);
        if (type == typeof(string))
            return (text, "text");
        if (type == typeof(int))
            return (int.TryParse(text, NumberStyles.Integer, culture, out int whole) ? whole : null, "a whole number");
        if (type == typeof(double))
            return (double.TryParse(text, NumberStyles.Float, culture, out double number) && double.IsFinite(number) ? number : null, "a number");
        if (type == typeof(bool))
            return (bool.TryParse(text, out bool truth) ? truth : null, "true or false");
        if (type == typeof(TimeSpan))
            return (TimeSpan.TryParse(text, culture, out var time) ? time : null, "a time such as 00:10:00");
        if (type == typeof(DateTimeOffset))
            return (UtcTime.TryParse(text, culture, out var moment) ? moment.Value : null, UtcTime.Allowed);
        if (type.IsEnum)
            return (Enum.TryParse(type, text, ignoreCase: true, out var choice) && Enum.IsDefined(type, choice) ? choice : null, "one of " + string.Join(", ", Enum.GetNames(type)));
        if (type == typeof(IReadOnlyList<string>))
            return (given is JsonArray items ? (IReadOnlyList<string>)[.. items.Select(item => item?.ToString() ?? "")] : null, "a list of names");
        if (type == typeof(JsonObject))
            return (given as JsonObject, "an object");
        return (type == typeof(JsonNode) ? given : null, "JSON");
    }

    // An editor saves JSON as text.
    private static JsonNode Parsed(JsonNode given, Type type)
    {
        if (TypeNameOf(type) != "Object" || given is not JsonValue scalar || !scalar.TryGetValue(out string? text))
            return given;
        try
        {
            return JsonNode.Parse(text) ?? given;
        }
        catch (JsonException)
        {
            return given;
        }
    }
}
