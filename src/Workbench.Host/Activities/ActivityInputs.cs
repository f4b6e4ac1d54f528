using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows;

namespace Workbench.Host.Activities;

/// <summary>Typed access to evaluated inputs; what is missing or of the wrong kind is named.</summary>
internal static class ActivityInputs
{
    public static string Text(this JsonObject inputs, string name, string? fallback = null) =>
        Value(inputs, name) is { } value ? value.ToString() : fallback ?? throw Missing(name);

    public static int Whole(this JsonObject inputs, string name, int? fallback = null)
    {
        if (Value(inputs, name) is not { } value)
            return fallback ?? throw Missing(name);
        return int.TryParse(value.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : throw Wrong(name, value, "a whole number");
    }

    public static double Number(this JsonObject inputs, string name, double fallback)
    {
        if (Value(inputs, name) is not { } value)
            return fallback;
        return double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Wrong(name, value, "a number");
    }

    public static JsonObject Fields(this JsonObject inputs, string name) => Value(inputs, name) switch
    {
        null => [],
        JsonObject fields => fields,
        var value => throw Wrong(name, value, "an object"),
    };

    public static IReadOnlyList<string> List(this JsonObject inputs, string name) => Value(inputs, name) switch
    {
        null => [],
        JsonArray items => [.. items.Select(item => item?.ToString() ?? "")],
        var value => throw Wrong(name, value, "a list of names"),
    };

    // A value that a notebook step handed on carries its kind and type beside it.
    private static JsonNode? Value(JsonObject inputs, string name) =>
        inputs.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value switch
        {
            JsonObject handed when (string?)handed["kind"] == "json" && handed.ContainsKey("type") => handed["json"],
            var value => value,
        };

    private static WorkflowException Missing(string name) => new($"The input '{name}' has no value. Set it on the activity.");

    private static WorkflowException Wrong(string name, JsonNode value, string allowed) => new($"The input '{name}' is {value.ToJsonString()}; it takes {allowed}.");
}
