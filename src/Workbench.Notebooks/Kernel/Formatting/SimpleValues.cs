using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows values that are neither tables nor charts: texts, JSON, exceptions, images, tasks, functions.</summary>
internal static class SimpleValues
{
    private const int ShownBytes = 32;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The value, or null when it is none of these.</summary>
    public static MimeBundle? TryFormat(object value) => value switch
    {
        MimeBundle bundle => new((JsonObject)bundle.Data.DeepClone()),
        string text => Plain(text),
        Uri { IsAbsoluteUri: true, Scheme: "http" or "https" } link => MimeBundle.Of("text/html", $"<a href=\"{WebUtility.HtmlEncode(link.AbsoluteUri)}\">{WebUtility.HtmlEncode(link.ToString())}</a>", link.ToString()),
        _ when ValueText.IsScalar(value.GetType()) => Plain(ValueText.Exact(value)),
        Exception failure => Plain(Describe(failure)),
        JsonNode node => Json(node.DeepClone()),
        JsonDocument document => Json(document.RootElement),
        JsonElement element => Json(element),
        byte[] bytes => Bytes(bytes),
        IHtmlContent html => Html(html),
        Task task => Plain(Describe(task)),
        Delegate function => Plain($"{TypeName.Of(function.GetType())} {function.Method.Name}({string.Join(", ", function.Method.GetParameters().Select(parameter => $"{TypeName.Of(parameter.ParameterType)} {parameter.Name}"))})"),
        _ => Opaque(value),
    };

    private static MimeBundle Plain(string text) => MimeBundle.Of("text/plain", text, text);

    private static MimeBundle Html(IHtmlContent content)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        content.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return MimeBundle.Of("text/html", writer.ToString(), writer.ToString());
    }

    private static MimeBundle Json(JsonElement element) => element.ValueKind == JsonValueKind.Undefined
        ? Plain("JsonElement without a value")
        : Json(JsonSerializer.SerializeToNode(element));

    // Front ends show application/json as a tree; JSON's null has no node.
    private static MimeBundle Json(JsonNode? node)
    {
        var text = node?.ToJsonString(Indented) ?? "null";
        return node is JsonObject or JsonArray ? new(new JsonObject { ["application/json"] = node, ["text/plain"] = text }) : Plain(text);
    }

    private static MimeBundle Bytes(byte[] bytes)
    {
        if (ImageFormat.Detect(bytes) is { } mimeType)
            return ImageFormat.Bundle(mimeType, bytes, string.Create(CultureInfo.InvariantCulture, $"{mimeType}, {bytes.Length:N0} bytes"));
        var hex = string.Join(' ', bytes.Take(ShownBytes).Select(one => one.ToString("X2", CultureInfo.InvariantCulture)));
        return Plain(string.Create(CultureInfo.InvariantCulture, $"Byte[{bytes.Length:N0}] {hex}{(bytes.Length > ShownBytes ? " …" : "")}"));
    }

    private static string Describe(Exception failure)
    {
        var text = $"{failure.GetType().FullName}: {failure.Message}{(failure.StackTrace is { } trace ? "\n" + trace : "")}";
        var causes = failure is AggregateException aggregate ? aggregate.InnerExceptions.ToArray() : failure.InnerException is { } inner ? [inner] : [];
        return text + string.Concat(causes.Select(cause => $"\ncaused by {Describe(cause)}"));
    }

    private static string Describe(Task task) =>
        $"{TypeName.Of(TaskType(task.GetType()))}, {Status(task)}. Write 'await' in front of it to wait for it{(task.GetType().IsGenericType ? " and see its result" : "")}.";

    private static string Status(Task task) => task switch
    {
        { IsFaulted: true, Exception.InnerException: { } failure } => $"failed with {failure.GetType().Name}: {failure.Message}",
        { IsCanceled: true } => "cancelled",
        { IsCompleted: true } => "done",
        _ => "not done yet",
    };

    // The compiler's own subclass of Task<T> tells nobody anything.
    private static Type TaskType(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() != typeof(Task<>) && type.BaseType is { } above && above != typeof(object) ? TaskType(above) : type;

    private static MimeBundle? Opaque(object value)
    {
        var type = value.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Lazy<>))
            return Plain((bool)type.GetProperty(nameof(Lazy<>.IsValueCreated))!.GetValue(value)! // Lazy<T> has both properties
                ? $"{TypeName.Of(type)}: {ValueText.Short(type.GetProperty(nameof(Lazy<>.Value))!.GetValue(value)) ?? "null"}"
                : $"{TypeName.Of(type)}, not computed yet: read its Value.");
        if (type.GetInterfaces().FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)) is { } stream)
            return Plain($"{TypeName.Of(stream)}: go through it with 'await foreach'.");
        return null;
    }
}
