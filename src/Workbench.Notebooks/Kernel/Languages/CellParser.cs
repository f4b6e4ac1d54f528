using System.Text;
using System.Text.RegularExpressions;
using Workbench.Data;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>Splits a cell at its language magics. A magic that is not known is refused by name and never compiled as C#.</summary>
internal static partial class CellParser
{
    /// <summary>Magic that only marks a pipeline step; it changes nothing when the cell runs.</summary>
    public const string StepMagic = "step";

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = "csharp", ["c#"] = "csharp", ["sql"] = "sql", ["markdown"] = "markdown", ["md"] = "markdown", ["html"] = "html",
    };

    /// <summary>Names of the languages.</summary>
    public static IEnumerable<string> Languages => Aliases.Values.Distinct();

    /// <summary>The parts of a cell in order; a cell without a magic is one C# part.</summary>
    /// <exception cref="ArgumentException">A magic or option is unknown; the message names the nearest.</exception>
    public static IReadOnlyList<CellSegment> Parse(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var segments = new List<CellSegment>();
        var current = new MagicOptions("csharp", [], new Dictionary<string, string>());
        var text = new StringBuilder();
        for (int number = 0; number < lines.Length; number++)
        {
            if (MagicLine().IsMatch(lines[number]) && MagicOptions.Parse(lines[number]) is var magic)
            {
                if (magic.Magic != StepMagic)
                {
                    Close(segments, current, text);
                    current = magic with { Magic = Resolve(magic.Magic) };
                    text.Clear().Append('\n', number);
                }
                text.Append('\n');
                continue;
            }
            text.Append(lines[number]).Append('\n');
        }
        Close(segments, current, text);
        return segments;
    }

    private static void Close(List<CellSegment> segments, MagicOptions magic, StringBuilder text)
    {
        if (!string.IsNullOrWhiteSpace(text.ToString()))
            segments.Add(new(magic.Magic, magic, text.ToString().TrimEnd('\n')));
    }

    private static string Resolve(string magic)
    {
        if (Aliases.TryGetValue(magic, out var language))
            return language;
        var known = Aliases.Keys.Append(StepMagic).ToList();
        var nearest = Suggestion.Nearest(magic, known) is { } name ? $" Did you mean '#!{name}'?" : "";
        throw new ArgumentException($"Unknown magic '#!{magic}'.{nearest} Known: {string.Join(", ", known.Select(one => "#!" + one))}.");
    }

    [GeneratedRegex(@"^#![A-Za-z]")]
    private static partial Regex MagicLine();
}
