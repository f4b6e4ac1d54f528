using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.LanguageModels;

/// <summary>
/// A pattern of tokenizer.json, which counts characters. .NET's Regex counts UTF-16 units and takes each half of a
/// character beyond U+FFFF for no letter; such characters are shown to it as one of the same category below U+FFFF.
/// </summary>
internal sealed class TokenPattern(string regex)
{
    private readonly Regex _regex = new(regex, RegexOptions.CultureInvariant);

    /// <summary>Reads <c>{"Regex": ".."}</c> or <c>{"String": ".."}</c>.</summary>
    /// <exception cref="FormatException">It is neither, or .NET does not know the expression.</exception>
    public static TokenPattern Read(JsonNode? pattern)
    {
        if ((string?)pattern?["String"] is { } text)
            return new(Regex.Escape(text));
        if ((string?)pattern?["Regex"] is not { } regex)
            throw new FormatException($"the pattern {pattern?.ToJsonString()} is neither a String nor a Regex");
        try
        {
            return new(regex);
        }
        catch (ArgumentException failure)
        {
            throw new FormatException($"the expression {regex} is not supported ({failure.Message})", failure);
        }
    }

    /// <summary>Where the pattern matches, in order; empty matches are left out.</summary>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        bool isPlain = !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        var (shown, places) = isPlain ? (text, null) : Shown(text);
        for (var match = _regex.Match(shown); match.Success; match = match.NextMatch())
            if (match.Length > 0)
                yield return places is null ? (match.Index, match.Index + match.Length) : (places[match.Index], places[match.Index + match.Length]);
    }

    /// <summary>Replaces each match.</summary>
    public string Replace(string text, string replacement)
    {
        var result = new StringBuilder();
        int done = 0;
        foreach (var (start, end) in Matches(text))
        {
            result.Append(text, done, start - done).Append(replacement);
            done = end;
        }
        return done == 0 ? text : result.Append(text, done, text.Length - done).ToString();
    }

    private static (string Shown, List<int> Places) Shown(string text)
    {
        var shown = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        int place = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            shown.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            places.Add(place);
            place += rune.Utf16SequenceLength;
        }
        places.Add(place);
        return (shown.ToString(), places);
    }

    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u0100',
        UnicodeCategory.LowercaseLetter => '\u0101',
        UnicodeCategory.TitlecaseLetter => '\u01C5',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\uA000',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u0488',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u2160',
        UnicodeCategory.OtherNumber => '\u00B2',
        UnicodeCategory.ConnectorPunctuation => '\u203F',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.OpenPunctuation => '\u2045',
        UnicodeCategory.ClosePunctuation => '\u2046',
        UnicodeCategory.InitialQuotePunctuation => '\u00AB',
        UnicodeCategory.FinalQuotePunctuation => '\u00BB',
        UnicodeCategory.OtherPunctuation => '\u00A7',
        UnicodeCategory.MathSymbol => '\u2200',
        UnicodeCategory.CurrencySymbol => '\u20AC',
        UnicodeCategory.ModifierSymbol => '\u02C5',
        UnicodeCategory.OtherSymbol => '\u00A9',
        UnicodeCategory.Format => '\u00AD',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378',   // not assigned
    };
}
