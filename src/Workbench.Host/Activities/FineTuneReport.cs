using Workbench.LanguageModels.FineTuning;

namespace Workbench.Host.Activities;

/// <summary>What a fine-tuning gave.</summary>
/// <param name="Result">What was learned and forgotten.</param>
/// <param name="Novelty">The new text against the old; null without old text.</param>
/// <param name="IsAdapter">Whether the folder holds an adapter, and not a whole model.</param>
/// <param name="Timeline">What the training did when, see <see cref="RunTimeline"/>; null where nobody asked.</param>
internal sealed record FineTuneReport(FineTuningResult Result, TextNovelty? Novelty, bool IsAdapter, byte[]? Timeline)
{
    /// <summary>All figures by name. Perplexities are those of held-out text.</summary>
    public IReadOnlyDictionary<string, double> Metrics => new (string Name, double? Value)[]
    {
        ("perplexity_new_before", Result.NewBefore.Value), ("perplexity_new_after", Result.NewAfter.Value), ("perplexity_old_before", Result.OldBefore?.Value),
        ("perplexity_old_after", Result.OldAfter?.Value), ("gain", Result.Gain), ("forgetting", Result.Forgetting), ("trained_parameters", Result.TrainedParameters),
        ("parameters", Result.Parameters), ("steps", Result.Training.Steps), ("out_of_vocabulary_rate", Novelty?.OutOfVocabularyRate),
        ("tokens_per_word_new", Novelty?.NewTokensPerWord), ("tokens_per_word_old", Novelty?.KnownTokensPerWord),
    }.Where(metric => metric.Value is not null).ToDictionary(metric => metric.Name, metric => metric.Value!.Value);
}
