using System.Collections;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Named results of a notebook, for people and for machines.</summary>
internal static class KeyFigures
{
    /// <summary>A JSON object of names and numbers, texts, booleans or null. NaN and infinities are the texts "NaN", "Infinity", "-Infinity".</summary>
    public const string MimeType = "application/vnd.workbench.figures+json";

    /// <summary>The figures that an object, a dictionary or a sequence of pairs holds.</summary>
    /// <exception cref="ArgumentException">It holds none.</exception>
    public static IReadOnlyList<(string Name, object? Value)> Read(object figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (figures is ITuple pair)
            return [Pair(pair)];
        if (figures is IDictionary dictionary)
            return dictionary.Cast<DictionaryEntry>().Select(entry => ($"{entry.Key}", entry.Value)).ToList();
        if (figures is JsonObject json)
            return json.Select(entry => (entry.Key, Scalar(entry.Value))).ToList();
        if (figures is IEnumerable sequence and not string)
            return sequence.Cast<object?>().Select(Pair).ToList();
        if (ValueText.IsScalar(figures.GetType()))
            throw new ArgumentException($"{TypeName.Of(figures.GetType())} '{ValueText.Exact(figures)}' has no name. Write Display.Figures(new {{ Name = value }}) or Display.Figures((\"name\", value)).");
        return figures.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .Select(property => (property.Name, property.GetValue(figures))).ToList();
    }

    /// <summary>The figures as JSON, a small table and text.</summary>
    /// <exception cref="ArgumentException">There is none, a name comes twice, or a value is no number, text, boolean, time or null.</exception>
    public static MimeBundle Format(IReadOnlyList<(string Name, object? Value)> figures)
    {
        if (figures.Count == 0)
            throw new ArgumentException("There is no figure. Give at least one, such as Display.Figures(new { Auc = 0.91 }).");
        var json = new JsonObject();
        var html = new StringBuilder("<table style=\"border-collapse:collapse;font:13px/1.5 system-ui,sans-serif;color:inherit;margin:0\"><tbody>");
        var text = new List<string>();
        int width = figures.Max(figure => figure.Name.Length);
        foreach (var (name, value) in figures)
        {
            if (!json.TryAdd(name, Json(name, value)))
                throw new ArgumentException($"Figure '{name}' comes twice; give every figure a name of its own.");
            var shown = ValueText.Short(value) ?? "null";
            html.Append($"<tr style=\"background:none\"><th style=\"text-align:left;font-weight:normal;opacity:.75;padding:2px 16px 2px 0\">{WebUtility.HtmlEncode(name)}</th>")
                .Append($"<td style=\"text-align:right;font-weight:600;font-variant-numeric:tabular-nums;padding:2px 0\">{WebUtility.HtmlEncode(shown)}</td></tr>");
            text.Add($"{name.PadRight(width)}  {shown}");
        }
        return new(new JsonObject { [MimeType] = json, ["text/html"] = html.Append("</tbody></table>").ToString(), ["text/plain"] = string.Join('\n', text) });
    }

    private static (string Name, object? Value) Pair(object? item) => item switch
    {
        ITuple { Length: 2 } tuple when tuple[0] is string name => (name, tuple[1]),
        not null when item.GetType().IsGenericType && item.GetType().GetGenericTypeDefinition() == typeof(KeyValuePair<,>) =>
            ($"{item.GetType().GetProperty("Key")!.GetValue(item)}", item.GetType().GetProperty("Value")!.GetValue(item)), // a pair has both
        _ => throw new ArgumentException($"'{ValueText.Short(item) ?? "null"}' is no figure. Give pairs of a name and a value, such as (\"auc\", 0.91), a dictionary, or an object with properties."),
    };

    private static object? Scalar(JsonNode? node) => node is JsonValue value
        ? value.TryGetValue(out bool flag) ? flag : value.TryGetValue(out long whole) ? whole : value.TryGetValue(out double number) ? number : value.ToString()
        : node;

    private static JsonNode? Json(string name, object? value) => value switch
    {
        null => null,
        bool flag => flag,
        string text => text,
        char letter => letter.ToString(),
        double number => double.IsFinite(number) ? number : ValueText.Exact(number),
        float number => float.IsFinite(number) ? number : ValueText.Exact(number),
        Half number => Half.IsFinite(number) ? (float)number : ValueText.Exact(number),
        decimal number => number,
        long or int or short or sbyte or byte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number => number,
        BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
        DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or Enum or Version or Uri => ValueText.Exact(value),
        _ => throw new ArgumentException($"Figure '{name}' is a {TypeName.Of(value.GetType())}; a figure is a number, a text, a boolean, a time or null. Show other values with display(...)."),
    };
}
