using System.Text;

namespace Workbench.Workflows.Storage;

/// <summary>Text that every database takes: PostgreSQL knows no NUL, and neither knows half a surrogate pair.</summary>
internal static class StoredText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with what cannot be stored replaced by U+FFFD; its length stays the same.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || FirstBad(text, 0) is not (>= 0 and var at))
            return text;
        var clean = new StringBuilder(text);
        for (; at >= 0; at = FirstBad(text, at + 1))
            clean[at] = Replacement;
        return clean.ToString();
    }

    private static int FirstBad(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
            if (text[at] == '\0' || (char.IsSurrogate(text[at]) && !IsPaired(text, at)))
                return at;
        return -1;
    }

    private static bool IsPaired(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);
}
