using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Turns any value into the forms that a front end can show.</summary>
internal static class OutputFormatter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static MimeBundle Format(object? value) => value switch
    {
        null => Plain("null"),
        MimeBundle bundle => new((JsonObject)bundle.Data.DeepClone()),
        string text => Plain(text),
        Exception failure => Plain(string.Join('\n', CSharp.CellError.From(failure).Traceback)),
        DataFrame frame => TableFormatter.Format(frame),
        JsonNode json => Plain(json.ToJsonString(Indented)),
        _ when IsScalar(value.GetType()) => Plain(TableFormatter.Text(value) ?? ""),
        _ => FigureFormatter.TryFormat(value) ?? TrySequence(value) ?? Fallback(value),
    };

    private static MimeBundle Plain(string text) => MimeBundle.Of("text/plain", text, text);

    private static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type == typeof(TimeSpan) || type == typeof(Guid);

    private static MimeBundle? TrySequence(object value) => value is IEnumerable sequence and not IDictionary ? TableFormatter.TryFormat(sequence) : null;

    // Other packages register their formatters with Microsoft.DotNet.Interactive.Formatting; they keep working here.
    private static MimeBundle Fallback(object value)
    {
        var data = new JsonObject();
        foreach (var mimeType in Formatter.GetPreferredMimeTypesFor(value.GetType()))
            data[mimeType] = value.ToDisplayString(mimeType);
        if (!data.ContainsKey("text/plain"))
            data["text/plain"] = value.ToDisplayString("text/plain");
        return new(data);
    }
}
