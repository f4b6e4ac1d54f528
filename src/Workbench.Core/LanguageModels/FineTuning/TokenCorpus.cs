namespace Workbench.LanguageModels.FineTuning;

/// <summary>A <see cref="TextCorpus"/> as token ids.</summary>
public sealed record TokenCorpus
{
    /// <summary>To learn from.</summary>
    public required IReadOnlyList<TokenDocument> Training { get; init; }
    /// <summary>To judge by.</summary>
    public required IReadOnlyList<TokenDocument> HeldOut { get; init; }
}
