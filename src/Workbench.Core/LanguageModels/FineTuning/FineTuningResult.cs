using Workbench.Training;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>What a fine-tuning learned and what it forgot, measured on held-out text.</summary>
public sealed record FineTuningResult
{
    /// <summary>Perplexity on the new text before.</summary>
    public required PerplexityResult NewBefore { get; init; }
    /// <summary>Perplexity on the new text after.</summary>
    public required PerplexityResult NewAfter { get; init; }
    /// <summary>Perplexity on the old text before; null without old text.</summary>
    public required PerplexityResult? OldBefore { get; init; }
    /// <summary>Perplexity on the old text after; null without old text.</summary>
    public required PerplexityResult? OldAfter { get; init; }
    /// <summary>The bound on <see cref="Forgetting"/>; null for none.</summary>
    public required double? MaxForgetting { get; init; }
    /// <summary>How the training ended.</summary>
    public required TrainingOutcome Training { get; init; }
    /// <summary>Weights that were trained.</summary>
    public required long TrainedParameters { get; init; }
    /// <summary>All weights, an adapter's included.</summary>
    public required long Parameters { get; init; }
    /// <summary>New tokens that an epoch predicts.</summary>
    public required long TokensPerEpoch { get; init; }

    /// <summary>Relative fall of the perplexity on new text: 0.2 is 20 % lower. Higher is better.</summary>
    public double Gain => 1 - NewAfter.Value / NewBefore.Value;

    /// <summary>Relative rise of the perplexity on old text: 0.1 is 10 % higher; below 0 when it fell. Lower is better. Null without old text.</summary>
    public double? Forgetting => OldAfter is null || OldBefore is null ? null : OldAfter.Value / OldBefore.Value - 1;

    /// <summary>Whether no more was forgotten than the bound allows; true without a bound.</summary>
    public bool IsWithinBound => MaxForgetting is null || Forgetting <= MaxForgetting;
}
