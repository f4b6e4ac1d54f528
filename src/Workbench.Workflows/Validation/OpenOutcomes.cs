using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>Outcomes that a definition names itself: a fork's <c>branches</c> and a switch's <c>cases</c>.</summary>
internal static class OpenOutcomes
{
    public static IReadOnlyList<string> Of(Activity activity) =>
        activity.Type == BuiltInActivities.Fork ? Branches(activity) : [.. Cases(activity).Select(@case => @case.Label)];

    /// <summary>The fork's branches as its definition gives them; empty when there is none.</summary>
    public static IReadOnlyList<string> Branches(Activity activity) => Branches(activity.Input("branches")?.Expression.Value);

    /// <summary>Names from a JSON list or from the text of one; empty when the value is neither.</summary>
    public static IReadOnlyList<string> Branches(JsonNode? value)
    {
        if (WorkflowJson.Text(value) is { } text)
            value = ParseOrNull(text);
        return value is JsonArray list ? [.. list.Select(WorkflowJson.Text).OfType<string>()] : [];
    }

    /// <summary>The switch's cases in order: label and condition.</summary>
    public static IReadOnlyList<(string Label, Expression Condition)> Cases(Activity activity)
    {
        var cases = activity.Properties["cases"] as JsonArray ?? [];
        return [.. from item in cases.OfType<JsonObject>()
                   let label = WorkflowJson.Text(item["label"])
                   where label is not null
                   select (label, item["condition"] is JsonObject condition ? Expression.From(condition) : new(Expression.Literal, null))];
    }

    private static JsonNode? ParseOrNull(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null; // The rule for references reports the text.
        }
    }
}
