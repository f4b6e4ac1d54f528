using System.Text.Json.Nodes;

namespace Workbench.LanguageModels;

/// <summary>The <c>normalizer</c> of tokenizer.json.</summary>
internal static class Normalizers
{
    /// <exception cref="FormatException">A part is not supported.</exception>
    public static Func<string, string> Read(JsonNode? json)
    {
        if (json is null)
            return text => text;
        switch ((string?)json["type"])
        {
            case "Sequence":
                return TokenizerReader.Chain(json["normalizers"], Read);
            case "NFC":
                return CanonicalComposition.Compose;
            case "Prepend":
                string prefix = (string?)json["prepend"] ?? throw new FormatException("the normalizer Prepend has no prepend");
                return text => text.Length == 0 ? text : prefix + text;
            case "Replace":
                var pattern = TokenPattern.Read(json["pattern"]);
                string content = (string?)json["content"] ?? throw new FormatException("the normalizer Replace has no content");
                return text => pattern.Replace(text, content);
            case var other:
                throw new FormatException($"the normalizer {other} is not supported; supported are Sequence, NFC, Prepend, Replace");
        }
    }
}
