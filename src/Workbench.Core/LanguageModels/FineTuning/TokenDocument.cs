namespace Workbench.LanguageModels.FineTuning;

/// <summary>A document as token ids.</summary>
public sealed record TokenDocument
{
    private const int LongestEnd = 2;   // the token and a line feed

    /// <summary>The ids.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }
    /// <summary>For each token whether the model is to predict it; null is every one. The first has nothing to be predicted from.</summary>
    public IReadOnlyList<bool>? IsTarget { get; init; }

    /// <summary>
    /// A document's ids, its stretches encoded one by one, so that no token reaches from a prompt into its completion. A
    /// token that the tokenizer begins texts with stands before it, and one that ends texts after it, which is learned.
    /// </summary>
    public static TokenDocument Encode(TextDocument document, Tokenizer tokenizer)
    {
        var tokens = new List<int>();
        var targets = new List<bool>();
        void Add(IEnumerable<int> ids, bool isTarget)
        {
            foreach (int id in ids)
            {
                tokens.Add(id);
                targets.Add(isTarget);
            }
        }
        if (tokenizer.BeginToken is { } begin && tokenizer.Encode("") is [var first, ..] && first == begin)
            Add([begin], isTarget: false);
        foreach (var segment in document.Segments)
            Add(tokenizer.Encode(segment.Text, addSpecialTokens: false), segment.IsTarget);
        // A conversation's last message ends with it already.
        if (tokenizer.EndToken is { } end && !tokens.TakeLast(LongestEnd).Contains(end))
            Add([end], isTarget: true);
        return new() { Tokens = tokens, IsTarget = targets.Contains(false) ? targets : null };
    }

    /// <summary>Whether the token at <paramref name="place"/> is to be predicted.</summary>
    internal bool Predicts(int place) => IsTarget?[place] ?? true;
}
