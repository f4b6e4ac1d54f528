using System.Text.Json.Nodes;

namespace Workbench.Host.Designer;

/// <summary>One difference between two definitions.</summary>
/// <param name="Kind">Added, removed or changed.</param>
/// <param name="Subject">What it is: workflow, input, variable, activity or connection.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Property">The property that changed, or null for the whole.</param>
/// <param name="Before">Value before, or null.</param>
/// <param name="After">Value after, or null.</param>
internal sealed record DefinitionChange(ChangeKind Kind, string Subject, string Name, string? Property = null, JsonNode? Before = null, JsonNode? After = null)
{
    private const int LongestValue = 120;

    /// <summary>One line, as a person would say it.</summary>
    public override string ToString()
    {
        var subject = $"{Subject} '{Name}'";
        return Kind switch
        {
            ChangeKind.Added => $"+ {subject}",
            ChangeKind.Removed => $"- {subject}",
            _ => $"~ {subject} {Property}: {Words(Before)} -> {Words(After)}",
        };
    }

    public static string Words(JsonNode? value)
    {
        var text = value is null ? "none" : value.ToJsonString(Readable);
        return text.Length <= LongestValue ? text : text[..(LongestValue - 3)] + "...";
    }

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
