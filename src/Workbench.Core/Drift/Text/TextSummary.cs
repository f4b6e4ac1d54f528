using System.Globalization;

namespace Workbench.Drift.Text;

/// <summary>Tells what changed in a text column.</summary>
internal static class TextSummary
{
    // Words said in the sentence.
    private const int SaidWords = 5;
    // A language or kind of characters below this share on both sides is not listed.
    private const double LeastListed = 0.001;
    private const double LanguageChange = 0.05;

    public static TextDrift Of(TextPair pair, TextOptions options)
    {
        var changes = Changes(pair, options.LeastRows);
        var fresh = Listed(changes.Where(word => word.ReferenceRows == 0 && !pair.Reference.Words.Contains(word.Word)), options);
        var gone = Listed(changes.Where(word => word.CurrentRows == 0 && !pair.Current.Words.Contains(word.Word)), options);
        var moved = Listed(changes.Where(word => word.ReferenceRows > 0 && word.CurrentRows > 0), options);
        var languages = LanguageShares(pair);
        var drift = new TextDrift
        {
            NewWordShare = pair.Current.NewShare().Share,
            ExpectedNewWordShare = pair.Reference.Words.Unseen().Share,
            NewWords = fresh,
            VanishedWords = gone,
            MovedWords = moved,
            Languages = languages,
            Characters = CharacterShares(pair),
            Lengths = Lengths(pair, options),
            ClassifierLower = pair.ClassifierInterval?.Lower,
            ClassifierUpper = pair.ClassifierInterval?.Upper,
            Sentence = "",
            Note = Note(pair),
        };
        return drift with { Sentence = Sentence(drift, pair) };
    }

    /// <summary>2 Σ o ln(o / e) over the texts with and without a word on both sides.</summary>
    public static double Surprise(double a, double n, double b, double m)
    {
        static double Term(double observed, double expected) => observed > 0 ? observed * Math.Log(observed / expected) : 0;
        double share = (a + b) / (n + m);
        return 2 * (Term(a, n * share) + Term(b, m * share) + Term(n - a, n * (1 - share)) + Term(m - b, m * (1 - share)));
    }

    private static List<WordChange> Changes(TextPair pair, int leastRows)
    {
        double n = pair.Reference.Count, m = pair.Current.Count;
        WordChange Change(string word, long reference, long current) =>
            new(word, reference, current, reference / n, current / m, Math.Max(0, Surprise(reference, n, current, m)));
        var ofReference = pair.Reference.Words.All().Select(one => Change(one.Word, one.Rows, pair.Current.Words.Rows(one.Word)));
        var ofCurrent = pair.Current.Words.All().Where(one => pair.Reference.Words.Rows(one.Word) == 0).Select(one => Change(one.Word, 0, one.Rows));
        return [.. ofReference.Concat(ofCurrent).Where(word => Math.Max(word.ReferenceRows, word.CurrentRows) >= leastRows)];
    }

    private static List<WordChange> Listed(IEnumerable<WordChange> words, TextOptions options) =>
        [.. words.Where(word => FunctionWords.LanguagesOf(word.Word) == 0)
            .OrderByDescending(word => word.Surprise).ThenBy(word => word.Word, StringComparer.Ordinal).Take(options.ListedWords)];

    private static List<ShareChange> LanguageShares(TextPair pair)
    {
        var table = TextMeasures.LanguageTable(pair, out var names);
        return Shares(names, table);
    }

    private static List<ShareChange> CharacterShares(TextPair pair)
    {
        var table = new ShareTable(pair.Reference.Characters.Counts, pair.Current.Characters.Counts);
        return table.ReferenceTotal == 0 || table.CurrentTotal == 0 ? [] : Shares(Characters.Names, table);
    }

    private static List<ShareChange> Shares(IReadOnlyList<string> names, ShareTable table) =>
        [.. names.Select((name, i) => new ShareChange(name, table.ReferenceShare(i), table.CurrentShare(i)))
            .Where(one => Math.Max(one.ReferenceShare, one.CurrentShare) >= LeastListed)
            .OrderByDescending(one => Math.Max(one.ReferenceShare, one.CurrentShare)).ThenBy(one => one.Name, StringComparer.Ordinal)];

    private static List<MeanChange> Lengths(TextPair pair, TextOptions options) =>
    [
        new("characters a text", pair.Reference.LengthInCharacters.Mean, pair.Current.LengthInCharacters.Mean),
        new("words a text", pair.Reference.LengthInWords.Mean, pair.Current.LengthInWords.Mean),
        new("characters a word", pair.Reference.CharactersPerWord.Mean, pair.Current.CharactersPerWord.Mean),
        .. options.Tokenizer is null ? (MeanChange[])[] : [new("tokens a word", pair.Reference.TokensPerWord.Mean, pair.Current.TokensPerWord.Mean)],
    ];

    private static string? Note(TextPair pair)
    {
        long rarest = Math.Max(pair.Reference.Words.RarestRows, pair.Current.Words.RarestRows);
        return rarest == 0 ? null : $"More different words than are counted: words in fewer than {rarest:N0} rows may be missing from the lists, and counts of rare ones are too low.";
    }

    private static string Sentence(TextDrift drift, TextPair pair)
    {
        var parts = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{drift.NewWordShare:P1} of the words are new ({drift.ExpectedNewWordShare:P1} would be by chance){Said(drift.NewWords)}."),
        };
        if (drift.VanishedWords.Count > 0)
            parts.Add($"Gone{Said(drift.VanishedWords)}.");
        parts.AddRange(drift.Languages.Where(language => Math.Abs(language.CurrentShare - language.ReferenceShare) >= LanguageChange)
            .Select(language => string.Create(CultureInfo.InvariantCulture, $"{language.Name} texts went from {language.ReferenceShare:P0} to {language.CurrentShare:P0}.")));
        if (drift.ClassifierLower is not null)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"A classifier tells the sides apart by their words with an area under the curve of {pair.Classifier.Statistic:F2} (0.5 is chance)."));
        return string.Join(" ", parts);
    }

    private static string Said(IReadOnlyList<WordChange> words) => words.Count == 0 ? "" : ": " + string.Join(", ", words.Take(SaidWords).Select(word => word.Word));
}
