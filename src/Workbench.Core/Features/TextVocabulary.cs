using System.Globalization;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>
/// The words that a text model knows, fitted once on the training texts and kept with the model. The rule is small on
/// purpose: a text is lower-cased (invariant culture); a token is a longest run of letters, marks and digits (Unicode
/// categories L, M and N), and every other character but white space is a token of its own.
/// </summary>
public sealed class TextVocabulary
{
    /// <summary>The number that fills short texts up.</summary>
    public const int Padding = 0;
    /// <summary>The number of every token that training saw too rarely or never.</summary>
    public const int Unseen = 1;

    private readonly Dictionary<string, long> _numbers;

    /// <summary>A vocabulary of known tokens.</summary>
    /// <param name="words">Each once; token i has the number i + 2.</param>
    /// <param name="maxTokens">Tokens of a text beyond this many are not read; at least 1.</param>
    /// <exception cref="ArgumentException">A token is there twice, or the limit is below 1.</exception>
    public TextVocabulary(IReadOnlyList<string> words, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        (Words, MaxTokens) = (words, maxTokens);
        _numbers = words.Index().ToDictionary(word => word.Item, word => word.Index + 2L, StringComparer.Ordinal);
    }

    /// <summary>Known tokens, the most frequent first.</summary>
    public IReadOnlyList<string> Words { get; }
    /// <summary>Tokens of a text beyond this many are not read.</summary>
    public int MaxTokens { get; }

    /// <summary>Takes the tokens that occur at least <paramref name="minimumCount"/> times, at most <paramref name="maxWords"/> of them; of equally frequent ones those first by code points.</summary>
    /// <exception cref="DataException">No token occurs so often.</exception>
    public static TextVocabulary Fit(IEnumerable<string> texts, int maxTokens, int minimumCount = 1, int maxWords = int.MaxValue)
    {
        var words = texts.SelectMany(Tokens).GroupBy(token => token, StringComparer.Ordinal).Select(group => (Word: group.Key, Count: group.Count()))
            .Where(pair => pair.Count >= minimumCount).OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Word, StringComparer.Ordinal)
            .Take(maxWords).Select(pair => pair.Word).ToList();
        return words.Count > 0
            ? new(words, maxTokens)
            : throw new DataException($"No token occurs {minimumCount} times or more in the training texts. Lower the minimum count, or give more texts.");
    }

    /// <summary>The tokens of a text by the rule above.</summary>
    public static IEnumerable<string> Tokens(string text)
    {
        string lower = text.ToLowerInvariant();
        for (int start = 0; start < lower.Length;)
        {
            int end = start;
            while (end < lower.Length && IsWord(lower, end))
                end += char.IsSurrogatePair(lower, end) ? 2 : 1;
            if (end == start)
                end += char.IsSurrogatePair(lower, start) ? 2 : 1;
            if (!char.IsWhiteSpace(lower, start))
                yield return lower[start..end];
            start = end;
        }
    }

    /// <summary>
    /// Token numbers of texts, row-major [N × T]: T is the longest text's number of tokens, at most <see cref="MaxTokens"/>
    /// and at least 1; shorter texts end in <see cref="Padding"/>. A text without a token is one <see cref="Unseen"/>.
    /// </summary>
    public (long[] Numbers, int Tokens) Encode(IReadOnlyList<string> texts)
    {
        var rows = texts.Select(text => Tokens(text).Take(MaxTokens).Select(Number).ToList()).ToList();
        int length = Math.Max(1, rows.Count == 0 ? 1 : rows.Max(row => row.Count));
        var numbers = new long[texts.Count * length];
        for (int row = 0; row < rows.Count; row++)
        {
            numbers[row * length] = Unseen;
            rows[row].CopyTo(numbers, row * length);
        }
        return (numbers, length);
    }

    private long Number(string token) => _numbers.GetValueOrDefault(token, Unseen);

    private static bool IsWord(string text, int index) => CharUnicodeInfo.GetUnicodeCategory(text, index) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => true,
        _ => false,
    };
}
