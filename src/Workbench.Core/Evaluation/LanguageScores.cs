namespace Workbench.Evaluation;

/// <summary>What <see cref="LanguageMetrics"/> computes; null where nothing was seen that defines it.</summary>
public sealed record LanguageScores
{
    /// <summary>Predicted tokens.</summary>
    public required long Tokens { get; init; }
    /// <summary>Mean negative log-likelihood of a token, in nats.</summary>
    public required double? MeanNegativeLogLikelihood { get; init; }
    /// <summary>exp of the mean: as many equally likely tokens would be as hard to guess. Null also where it is beyond the largest double.</summary>
    public required double? Perplexity { get; init; }
    /// <summary>Bits that coding the text would take, a byte of it in UTF-8; comparable between tokenizers. Null when no bytes were given.</summary>
    public required double? BitsPerByte { get; init; }
    /// <summary>Share of tokens that were the most probable; null when it was not told.</summary>
    public required double? NextTokenAccuracy { get; init; }
}
