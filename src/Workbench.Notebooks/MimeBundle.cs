using System.Text.Json.Nodes;

namespace Workbench.Notebooks;

/// <summary>One output in several forms; the front end shows the richest that it knows.</summary>
/// <param name="Data">MIME type to content: text, Base64 for images, or JSON for JSON types.</param>
public sealed record MimeBundle(JsonObject Data)
{
    /// <summary>An output of one form, with a plain text beside it.</summary>
    public static MimeBundle Of(string mimeType, string content, string plainText) =>
        new(mimeType == "text/plain" ? new JsonObject { [mimeType] = content } : new JsonObject { [mimeType] = content, ["text/plain"] = plainText });
}
