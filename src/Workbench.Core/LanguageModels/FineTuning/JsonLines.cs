using System.Text.Json;
using Workbench.Data;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>Documents of a JSON lines file: <c>text</c>, <c>prompt</c> with <c>completion</c>, or <c>messages</c> of <c>role</c> and <c>content</c>.</summary>
internal static class JsonLines
{
    private const string Forms = """{"text": ".."}, {"prompt": "..", "completion": ".."} or {"messages": [{"role": "user", "content": ".."}, {"role": "assistant", "content": ".."}]}""";

    /// <exception cref="DataException">A line is none of the forms; says which and why.</exception>
    public static IEnumerable<TextDocument> Read(string path, ChatTemplate template)
    {
        long number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return Parse(line, path, number, template);
        }
    }

    private static TextDocument Parse(string line, string path, long number, ChatTemplate template)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var document = Of(json.RootElement, template);
            return document.Segments.Any(segment => segment.IsTarget && segment.Text.Length > 0) ? document : throw new FormatException("it has nothing to learn");
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new DataException($"Line {number} of '{path}' is no document: {failure.Message.TrimEnd('.')}. Write one of {Forms}.", failure) { Origin = path, Line = number };
        }
    }

    private static TextDocument Of(JsonElement line, ChatTemplate template)
    {
        if (line.ValueKind != JsonValueKind.Object)
            throw new FormatException($"it is a {line.ValueKind}, not an object");
        if (line.TryGetProperty("messages", out var messages))
            return template.Apply(messages.EnumerateArray().Select(message => (Text(message, "role"), Text(message, "content"))).ToList());
        if (line.TryGetProperty("prompt", out _))
            return TextDocument.Of(Text(line, "prompt"), Text(line, "completion"));
        return line.TryGetProperty("text", out _) ? TextDocument.Of(Text(line, "text"))
            : throw new FormatException($"it has the fields {string.Join(", ", line.EnumerateObject().Select(field => field.Name))}");
    }

    private static string Text(JsonElement line, string field) =>
        line.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"'{field}' is missing or no text");   // a string has one
}
