using System.Text;
using System.Text.RegularExpressions;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>Splits a cell at its magic lines. A magic that is not known is refused by name and never compiled as C#.</summary>
internal static partial class CellParser
{
    /// <summary>The parts of a cell in order; a cell without a magic is one C# part.</summary>
    /// <param name="code">The cell's source.</param>
    /// <param name="names">Known languages; null takes the built-in ones.</param>
    /// <exception cref="ArgumentException">A magic is unknown; the message names the nearest.</exception>
    public static IReadOnlyList<CellPart> Parse(string code, LanguageNames? names = null)
    {
        names ??= LanguageNames.BuiltIn;
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var parts = new List<CellPart>();
        var current = new CellSegment(LanguageNames.CSharp, MagicOptions.None(LanguageNames.CSharp), "");
        var text = new StringBuilder();
        void Close()
        {
            if (!string.IsNullOrWhiteSpace(text.ToString()) || current.Options.Values.Count > 0) // #!value --name x --from-file f has no text
                parts.Add(current with { Source = text.ToString().TrimEnd('\n') });
        }
        for (int number = 0; number < lines.Length; number++)
        {
            if (!IsMagic(lines[number], current.Language, text))
            {
                text.Append(lines[number]).Append('\n');
                continue;
            }
            var magic = MagicOptions.Parse(lines[number]);
            if (!magic.Magic.Equals(LanguageNames.StepMagic, StringComparison.OrdinalIgnoreCase))
            {
                var language = names.Language(magic.Magic);
                if (language is null && !LanguageNames.IsMagic(magic.Magic))
                    throw names.Unknown(magic.Magic);
                Close();
                if (language is null)
                    parts.Add(new CellMagic(current.Language, magic with { Magic = magic.Magic.ToLowerInvariant() }));
                current = language is null ? current with { Options = MagicOptions.None(current.Language) } : new(language, magic with { Magic = language }, "");
                text.Clear().Append('\n', number);
            }
            text.Append('\n');
        }
        Close();
        return parts;
    }

    /// <summary>
    /// The language at a position of a cell that may be half typed, and the cell with everything else blanked out.
    /// On a magic line the language is null.
    /// </summary>
    public static (string? Language, string Code) At(string code, int position, LanguageNames names)
    {
        var masked = new StringBuilder(code);
        string language = LanguageNames.CSharp, found = language;
        int first = 0, from = 0, to = code.Length;
        bool onMagic = false, passed = false;
        var text = new StringBuilder();
        while (first <= code.Length)
        {
            int end = code.IndexOf('\n', first) is var newline && newline < 0 ? code.Length : newline;
            var line = code[first..end];
            if (IsMagic(line, language, text))
            {
                onMagic |= position >= first && position <= end;
                for (int index = first; index < end; index++)
                    masked[index] = ' ';
                if (names.Language(MagicOptions.Parse(line).Magic) is { } next)
                {
                    if (first > position && !passed)
                        (to, passed) = (first, true);
                    language = next;
                    if (!passed)
                        (found, from) = (next, end);
                    text.Clear();
                }
            }
            text.Append(line).Append('\n');
            first = end + 1;
        }
        for (int index = 0; index < masked.Length; index++)
            if ((index < from || index >= to) && masked[index] is not ('\n' or '\r'))
                masked[index] = ' ';
        return (onMagic ? null : found, masked.ToString());
    }

    // Inside a raw string or a comment of C# a line that looks like a magic is text.
    private static bool IsMagic(string line, string language, StringBuilder before) =>
        MagicLine().IsMatch(line) && !(language == LanguageNames.CSharp && before.Length > 0 && CompletenessCheck.EndsInsideToken(before.ToString()));

    [GeneratedRegex(@"^#![A-Za-z]")]
    private static partial Regex MagicLine();
}
