using System.Globalization;
using System.Text;

namespace Workbench.LanguageModels;

/// <summary>Questions about whole characters of a text.</summary>
internal static class Characters
{
    /// <summary>The character that ends before <paramref name="place"/>; null at the start.</summary>
    public static Rune? Before(string text, int place) =>
        place == 0 ? null : Rune.DecodeLastFromUtf16(text.AsSpan(0, place), out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    /// <summary>The character that starts at <paramref name="place"/>; null at the end.</summary>
    public static Rune? At(string text, int place) =>
        place == text.Length ? null : Rune.DecodeFromUtf16(text.AsSpan(place), out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    /// <summary>
    /// Whether it is part of a word by Unicode's definition (https://www.unicode.org/reports/tr18/#Compatibility_Properties):
    /// alphabetic, a mark, a decimal digit, a connector or a joiner. .NET's own \w knows fewer.
    /// </summary>
    public static bool IsWord(Rune? character) => character is { } rune && (Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
        // Circled and squared letters are symbols and alphabetic.
        UnicodeCategory.OtherSymbol => rune.Value is >= 0x24B6 and <= 0x24E9 or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189,
        _ => rune.Value is 0x200C or 0x200D,
    });
}
