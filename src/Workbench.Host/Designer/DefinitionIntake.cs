using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Designer;

/// <summary>
/// Brings what the designer sends into the form that is kept: a dropped activity gets its type's defaults, edited literals
/// (always text) become what their input takes, a picked variable becomes a reference. What does not fit stays as it is; the
/// validation names it before it is published.
/// </summary>
internal static class DefinitionIntake
{
    // The server's word, not the client's.
    private static readonly IReadOnlyList<string> Ours = ["id", "version", "createdAt", "isLatest", "isPublished", "links", "isReadonly", "isSystem", "materializerName", "providerName"];

    /// <exception cref="Workflows.WorkflowException">The JSON is no definition; says where.</exception>
    public static WorkflowDefinition Read(JsonObject model, ActivityCatalog catalog)
    {
        var json = (JsonObject)model.DeepClone();
        foreach (var name in Ours)
            json.Remove(name);
        if (json["root"] is JsonObject root)
            foreach (var activity in (root["activities"] as JsonArray ?? []).OfType<JsonObject>())
                if (DesignerJson.Text(activity["type"]) is { } type && catalog.Find(type) is { } descriptor)
                    Complete(activity, descriptor);
        foreach (var variable in (json["variables"] as JsonArray ?? []).OfType<JsonObject>())
            Coerce(variable, "value", variable["isArray"]?.GetValueKind() == JsonValueKind.True ? "Object" : DesignerJson.Text(variable["typeName"]) ?? "Object");
        return ActivityDefaults.FillIn(WorkflowDefinition.Parse(json), catalog);
    }

    private static void Complete(JsonObject activity, ActivityDescriptor descriptor)
    {
        foreach (var input in descriptor.Inputs)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(input.Name);
            if (activity[name] is not JsonObject given || given["expression"] is not JsonObject expression)
                continue;
            if (DesignerJson.Text(expression["type"]) is Expression.Variable or Expression.Input)
                Coerce(expression, "value", "Object");
            else if (DesignerJson.Text(expression["type"]) is Expression.Literal)
                Coerce(expression, "value", input.TypeName);
        }
    }

    private static void Coerce(JsonObject owner, string name, string typeName)
    {
        if (owner[name] is JsonValue value && value.TryGetValue(out string? text) && Convert(text.Trim(), typeName) is { } converted)
            owner[name] = converted;
    }

    private static JsonNode? Convert(string text, string typeName)
    {
        var culture = CultureInfo.InvariantCulture;
        return typeName.TrimEnd('?').Split('.')[^1] switch
        {
            "Boolean" => bool.TryParse(text, out bool truth) ? truth : null,
            "Int32" => int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int number) ? number : null,
            "Int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out long number) ? number : null,
            "Single" or "Double" => double.TryParse(text, NumberStyles.Float, culture, out double number) && double.IsFinite(number) ? number : null,
            "Decimal" => decimal.TryParse(text, NumberStyles.Float, culture, out decimal number) ? number : null,
            // The date picker writes the browser's way, without an offset; it reads ISO 8601 as the same moment.
            "DateTime" or "DateTimeOffset" => DateTime.TryParse(text, culture, DateTimeStyles.RoundtripKind, out var time) && time.Kind == DateTimeKind.Unspecified
                ? time.ToString("yyyy-MM-dd'T'HH:mm:ss", culture)
                : null,
            "Object" when text.StartsWith('{') || text.StartsWith('[') => Parse(text),
            _ => null,
        };
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
