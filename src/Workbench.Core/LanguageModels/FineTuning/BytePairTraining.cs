namespace Workbench.LanguageModels.FineTuning;

/// <summary>What a byte-pair vocabulary is learned by.</summary>
public sealed record BytePairTraining
{
    /// <summary>Most tokens, special ones and the alphabet included; fewer when no pair is frequent enough. Default 8,000.</summary>
    public int VocabularySize { get; init; } = 8_000;
    /// <summary>Least occurrences of a pair that becomes a token, at least 1. Default 2.</summary>
    public int MinimumFrequency { get; init; } = 2;
    /// <summary>Tokens that no text is split into, which get the first ids. Default GPT-2's.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = ["<|endoftext|>"];
    /// <summary>The special token that ends a text; null for none. Default GPT-2's.</summary>
    public string? EndToken { get; init; } = "<|endoftext|>";
    /// <summary>Whether only bytes of the texts get a token, in place of all 256: a smaller vocabulary, and other bytes in later text are dropped. Default false.</summary>
    public bool IsAlphabetOfTexts { get; init; }
}
