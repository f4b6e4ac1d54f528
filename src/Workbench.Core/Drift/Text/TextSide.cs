using Workbench.Drift.Sources;

namespace Workbench.Drift.Text;

/// <summary>
/// What is kept of the texts of one side while they stream by: counts, and hashed features of a sample; never a text. Bounded:
/// words by the vocabulary, features by the sample.
/// </summary>
/// <param name="options">Limits.</param>
/// <param name="seed">Of the sample.</param>
/// <param name="reference">The side whose words are known, or null on the reference itself.</param>
internal sealed class TextSide(TextOptions options, int seed, TextSide? reference = null)
{
    private readonly WordReader _reader = new();
    private readonly LanguageGuess _language = new();
    private readonly HashedWords _hashed = new();
    private readonly Reservoir _reservoir = new(options.SampleRows, seed);
    private readonly Dictionary<string, long> _languages = new(StringComparer.Ordinal);
    private readonly List<HashedText> _sample = [];
    // Sums over rows of new words o and all words w, each word once a row: o², ow, w².
    private double _newSquares, _products, _wordSquares;

    /// <summary>Texts, empty ones among them.</summary>
    public long Count { get; private set; }
    public long Nulls { get; private set; }
    public long Rows => Count + Nulls;
    public WordCounts Words { get; } = new(options.Vocabulary);
    /// <summary>Words that the reference lacks, each once a row.</summary>
    public long NewWords { get; private set; }
    public Characters Characters { get; } = new();
    public ValueCounts LengthInCharacters { get; } = new();
    public ValueCounts LengthInWords { get; } = new();
    public ValueCounts CharactersPerWord { get; } = new();
    public ValueCounts TokensPerWord { get; } = new();
    /// <summary>Texts in each language.</summary>
    public IReadOnlyDictionary<string, long> Languages => _languages;
    public IReadOnlyList<HashedText> Sample => _sample;
    public bool IsSampled => _reservoir.IsSampled;

    public void Add(string? text)
    {
        if (text is null)
        {
            Nulls++;
            return;
        }
        Count++;
        int words = Read(text, out int letters);
        int characters = Characters.Add(text);
        LengthInCharacters.Add(characters);
        LengthInWords.Add(words);
        if (words > 0)
        {
            CharactersPerWord.Add((double)letters / words);
            if (options.Tokenizer is { } tokenizer)
                TokensPerWord.Add((double)tokenizer(text) / words);
        }
        string language = _language.Language();
        _languages[language] = _languages.GetValueOrDefault(language) + 1;
        Keep(_reservoir.Next());
    }

    /// <summary>The share of the words that are new, and its variance over rows, which differ in how many they have (ratio estimate).</summary>
    public (double Share, double Variance) NewShare()
    {
        double words = Words.Total;
        if (words == 0)
            return (0, 0);
        double share = NewWords / words;
        return (share, Math.Max(0, _newSquares - 2 * share * _products + share * share * _wordSquares) / (words * words));
    }

    private int Read(string text, out int letters)
    {
        _language.Start();
        _hashed.Start();
        _reader.Start(text);
        int words = 0, different = 0, unknown = 0;
        letters = 0;
        while (_reader.Next())
        {
            var word = _reader.Word;
            words++;
            letters += word.Length;
            _language.Add(word);
            _hashed.Add(word);
            if (!Words.Add(word, Count))
                continue;
            different++;
            if (reference is not null && !reference.Words.Contains(word))
                unknown++;
        }
        NewWords += unknown;
        _newSquares += (double)unknown * unknown;
        _products += (double)unknown * different;
        _wordSquares += (double)different * different;
        return words;
    }

    private void Keep(int place)
    {
        if (place < 0)
            return;
        if (place == _sample.Count)
            _sample.Add(_hashed.End());
        else
            _sample[place] = _hashed.End();
    }
}
