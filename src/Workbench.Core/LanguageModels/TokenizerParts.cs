namespace Workbench.LanguageModels;

/// <summary>A stretch of text on its way to the model; <paramref name="IsFirst"/> when it starts the whole text.</summary>
internal readonly record struct TextPiece(string Text, bool IsFirst);

/// <summary>The steps of a tokenizer, in the order in which a text passes them.</summary>
internal sealed record TokenizerParts
{
    public required AddedTokens Added { get; init; }
    public required Func<string, string> Normalize { get; init; }
    public required Func<IEnumerable<TextPiece>, IEnumerable<TextPiece>> PreTokenize { get; init; }
    public required BytePairModel Model { get; init; }
    /// <summary>Ids that the post-processor puts before a text.</summary>
    public required IReadOnlyList<int> Prefix { get; init; }
    /// <summary>Ids that the post-processor puts behind a text.</summary>
    public required IReadOnlyList<int> Suffix { get; init; }
    public required Func<IReadOnlyList<string>, IReadOnlyList<string>> Decode { get; init; }

    public int VocabularySize => Math.Max(Added.LargestId, Model.LargestId) + 1;
}
