namespace Workbench.LanguageModels;

/// <summary>
/// Text of ids that come one by one. A piece is held back while it ends inside a character. Where the ids spell whole
/// characters, the pieces together are what <see cref="Tokenizer.Decode"/> gives for all at once. Not thread-safe.
/// </summary>
public sealed class TokenTextStream
{
    private const char Replacement = '\uFFFD';
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    // What was given out, and what follows it. The first gives a decoder that looks at its surroundings what it needs.
    private List<int> _told = [];
    private List<int> _open = [];

    internal TokenTextStream(Tokenizer tokenizer, bool skipSpecialTokens) => (_tokenizer, _skipSpecialTokens) = (tokenizer, skipSpecialTokens);

    /// <summary>The text that an id completes; empty while a character is unfinished.</summary>
    public string Append(int id)
    {
        _open.Add(id);
        string text = Pending();
        if (text.Length == 0 || text[^1] == Replacement)
            return "";
        (_told, _open) = (_open, []);
        return text;
    }

    /// <summary>What is held back, with U+FFFD for what is no whole character. The stream starts anew.</summary>
    public string Finish()
    {
        string text = Pending();
        (_told, _open) = ([], []);
        return text;
    }

    private string Pending()
    {
        string before = _tokenizer.Decode(_told, _skipSpecialTokens);
        string all = _tokenizer.Decode(_told.Concat(_open), _skipSpecialTokens);
        // Told bytes and open ones can spell nothing together where each did alone.
        return all.StartsWith(before, StringComparison.Ordinal) ? all[before.Length..] : _tokenizer.Decode(_open, _skipSpecialTokens);
    }
}
