using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Format;

/// <summary>nbformat writes a text as one string or as a list of lines that keep their line ends.</summary>
internal static class MultilineText
{
    public static string Read(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines => Normalize(string.Concat(lines.Select(line => line?.ToString()))),
        _ => Normalize(node.ToString()),
    };

    /// <summary>Line ends as <c>\n</c>. Other separators, such as U+2028, are content.</summary>
    public static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    public static JsonArray Write(string text)
    {
        var lines = new JsonArray();
        int start = 0;
        while (start < text.Length)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            lines.Add((JsonNode?)text[start..next]);
            start = next;
        }
        return lines;
    }
}
