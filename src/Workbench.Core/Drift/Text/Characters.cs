using System.Globalization;
using System.Text;

namespace Workbench.Drift.Text;

/// <summary>Counts the characters of texts by what they are; letters by their script. For one thread.</summary>
internal sealed class Characters
{
    private static readonly string[] Classes = ["digits", "punctuation", "spaces", "symbols", "emoji", "other"];
    private static readonly int ScriptCount = Enum.GetValues<Script>().Length;

    /// <summary>What is counted, in the order of <see cref="Counts"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<Script>().Select(script => $"{script} letters"), .. Classes];

    /// <summary>Characters of each kind.</summary>
    public long[] Counts { get; } = new long[Names.Count];

    /// <summary>Characters (code points) of the text.</summary>
    public int Add(string text)
    {
        int characters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            Counts[Place(rune)]++;
            characters++;
        }
        return characters;
    }

    /// <summary>True for pictures, among them the older symbols that phones draw as such.</summary>
    public static bool IsEmoji(Rune rune) => rune.Value is >= 0x2600 and <= 0x27BF or >= 0x1F000 and <= 0x1FAFF;

    private static int Place(Rune rune)
    {
        if (Rune.IsLetter(rune))
            return (int)Scripts.Of(rune);
        if (IsEmoji(rune))
            return ScriptCount + 4;
        return ScriptCount + Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => 0,
            UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => 1,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => 2,
            UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol => 3,
            _ => Rune.IsWhiteSpace(rune) ? 2 : 5,
        };
    }
}
