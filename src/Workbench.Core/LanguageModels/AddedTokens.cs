using System.Text.RegularExpressions;

namespace Workbench.LanguageModels;

/// <summary>One entry of <c>added_tokens</c>.</summary>
internal sealed record AddedToken
{
    public required int Id { get; init; }
    public required string Content { get; init; }
    /// <summary>Found only where no word character touches it.</summary>
    public bool IsSingleWord { get; init; }
    /// <summary>Takes white space before it along.</summary>
    public bool StripsLeft { get; init; }
    /// <summary>Takes white space behind it along.</summary>
    public bool StripsRight { get; init; }
    /// <summary>Found in normalised text, in place of the text as given.</summary>
    public bool IsNormalized { get; init; }
    /// <summary>Left out when text is decoded.</summary>
    public bool IsSpecial { get; init; }
}

/// <summary>A stretch between added tokens, normalised, or an added token.</summary>
internal readonly record struct AddedSegment(string Text, int? Id, bool IsFirst);

/// <summary>Tokens that are found before anything else looks at the text, the leftmost first and of those the longest.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<int, AddedToken> _byId;
    private readonly Dictionary<string, AddedToken> _byContent;
    private readonly Finder _raw;
    private readonly Finder _normalized;

    public AddedTokens(IReadOnlyList<AddedToken> tokens, Func<string, string> normalize)
    {
        _byId = tokens.ToDictionary(token => token.Id);
        _byContent = tokens.DistinctBy(token => token.Content).ToDictionary(token => token.Content);
        _raw = new(tokens.Where(token => !token.IsNormalized).Select(token => (token.Content, token)));
        _normalized = new(tokens.Where(token => token.IsNormalized).Select(token => (normalize(token.Content), token)));
    }

    public int LargestId => _byId.Count == 0 ? -1 : _byId.Keys.Max();

    public int? IdOf(string content) => _byContent.TryGetValue(content, out var token) ? token.Id : null;

    public string? TokenOf(int id) => _byId.TryGetValue(id, out var token) ? token.Content : null;

    public bool IsSpecial(int id) => _byId.TryGetValue(id, out var token) && token.IsSpecial;

    /// <summary>A text's added tokens and what lies between them.</summary>
    public IEnumerable<AddedSegment> Split(string text, Func<string, string> normalize)
    {
        foreach (var (outer, outerId, outerStart) in _raw.Split(text))
            if (outerId is not null)
                yield return new(outer, outerId, outerStart == 0);
            else
                foreach (var (inner, innerId, innerStart) in _normalized.Split(normalize(outer)))
                    yield return new(inner, innerId, outerStart + innerStart == 0);
    }

    private sealed class Finder
    {
        private readonly Dictionary<string, AddedToken> _tokens = [];
        private readonly Regex? _pattern;

        public Finder(IEnumerable<(string Text, AddedToken Token)> tokens)
        {
            foreach (var (text, token) in tokens)
                if (text.Length > 0)
                    _tokens.TryAdd(text, token);
            if (_tokens.Count > 0)
                _pattern = new(string.Join('|', _tokens.Keys.OrderByDescending(text => text.Length).Select(Regex.Escape)), RegexOptions.CultureInvariant);
        }

        public IEnumerable<(string Text, int? Id, int Start)> Split(string text)
        {
            int done = 0;
            for (var match = _pattern?.Match(text); match is { Success: true }; match = match.NextMatch())
            {
                var token = _tokens[match.Value];
                int start = match.Index, end = match.Index + match.Length;
                if (token.IsSingleWord && (Characters.IsWord(Characters.Before(text, start)) || Characters.IsWord(Characters.At(text, end))))
                    continue;
                while (token.StripsLeft && start > done && char.IsWhiteSpace(text[start - 1]))
                    start--;
                while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
                    end++;
                if (start > done)
                    yield return (text[done..start], null, done);
                yield return (text[start..end], token.Id, start);
                done = end;
            }
            if (done < text.Length)
                yield return (text[done..], null, done);
        }
    }
}
