namespace Workbench.LanguageModels;

/// <summary>What becomes of the matches when a text is split, by the names of tokenizer.json.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}
