namespace Workbench.Drift.Text;

/// <summary>
/// Guesses the language of one text: by its script where a script is as good as a language, else by the function words of
/// each language. Honest before bold: a text with fewer than two of them, or with as many of another language, is unknown.
/// For one thread.
/// </summary>
internal sealed class LanguageGuess
{
    public const string Unknown = "unknown";
    private const int LeastHits = 2;

    private readonly int[] _hits = new int[FunctionWords.Languages.Count];
    private readonly int[] _scripts = new int[Enum.GetValues<Script>().Length];

    public void Start()
    {
        Array.Clear(_hits);
        Array.Clear(_scripts);
    }

    /// <summary>Takes a word in lower case.</summary>
    public void Add(ReadOnlySpan<char> word)
    {
        for (ulong languages = FunctionWords.LanguagesOf(word); languages != 0; languages &= languages - 1)
            _hits[System.Numerics.BitOperations.TrailingZeroCount(languages)]++;
        System.Text.Rune.DecodeFromUtf16(word, out var first, out _);
        if (System.Text.Rune.IsLetter(first))
            _scripts[(int)Scripts.Of(first)]++;
    }

    /// <summary>Name of the language in English, or <see cref="Unknown"/>.</summary>
    public string Language()
    {
        var script = (Script)Array.IndexOf(_scripts, _scripts.Max());
        return _scripts[(int)script] < LeastHits ? Unknown : OfScript(script) ?? OfWords();
    }

    // Japanese is written in kana and in Han characters, which alone are Chinese.
    private string? OfScript(Script script) => script switch
    {
        Script.Kana => "Japanese",
        Script.Han => _scripts[(int)Script.Kana] > 0 ? "Japanese" : "Chinese",
        Script.Hangul => "Korean",
        Script.Greek => "Greek",
        Script.Hebrew => "Hebrew",
        Script.Thai => "Thai",
        Script.Armenian => "Armenian",
        Script.Georgian => "Georgian",
        Script.Bengali => "Bengali",
        _ => null,
    };

    private string OfWords()
    {
        int best = Array.IndexOf(_hits, _hits.Max());
        return _hits[best] >= LeastHits && _hits.Count(hits => hits == _hits[best]) == 1 ? FunctionWords.Languages[best] : Unknown;
    }
}
