namespace Workbench.LanguageModels.FineTuning;

/// <summary>How far new text is from what a model learned: words that it has not seen, and how finely the tokenizer has to cut.</summary>
public sealed record TextNovelty
{
    /// <summary>Words of the new text.</summary>
    public required long Words { get; init; }
    /// <summary>Share of these that do not occur in the known text, 0 to 1.</summary>
    public required double OutOfVocabularyRate { get; init; }
    /// <summary>Words that do not occur in the known text, the most frequent first, and how often each occurs.</summary>
    public required IReadOnlyList<(string Word, long Count)> NewWords { get; init; }
    /// <summary>Tokens a word of the known text: about 1.3 where a vocabulary fits.</summary>
    public required double KnownTokensPerWord { get; init; }
    /// <summary>Tokens a word of the new text; the more it exceeds the known, the worse the vocabulary fits.</summary>
    public required double NewTokensPerWord { get; init; }

    /// <summary>Compares. A word is a run of letters, digits and apostrophes, in lower case.</summary>
    /// <param name="newText">The new texts.</param>
    /// <param name="knownText">What the model was trained on, or a sample of it.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <exception cref="Data.DataException">One side has no word.</exception>
    public static TextNovelty Of(IEnumerable<string> newText, IEnumerable<string> knownText, Tokenizer tokenizer)
    {
        var (known, current) = (TextCount.Of(knownText, tokenizer), TextCount.Of(newText, tokenizer));
        if (known.Total == 0 || current.Total == 0)
            throw new Data.DataException($"The {(known.Total == 0 ? "known" : "new")} text has no word. Give text.");
        var unseen = current.Words.Where(word => !known.Words.ContainsKey(word.Key)).OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => (word.Key, word.Value)).ToList();
        return new()
        {
            Words = current.Total, OutOfVocabularyRate = unseen.Sum(word => word.Value) / (double)current.Total, NewWords = unseen,
            KnownTokensPerWord = known.Tokens / (double)known.Total, NewTokensPerWord = current.Tokens / (double)current.Total,
        };
    }
}
