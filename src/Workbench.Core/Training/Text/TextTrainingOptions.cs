using System.Globalization;

namespace Workbench.Training.Text;

/// <summary>How a text classifier is built and trained. The defaults suit some ten thousand short texts on two cores.</summary>
public sealed record TextTrainingOptions
{
    /// <summary>The kind of model. Default the embedding bag.</summary>
    public TextArchitecture Architecture { get; init; } = TextArchitecture.EmbeddingBag;
    /// <summary>Tokens of a text that are read, 1 to 4,096; the rest is left out. Default 128.</summary>
    public int MaxTokens { get; init; } = 128;
    /// <summary>Most known tokens, 1 to 1,000,000. Default 20,000.</summary>
    public int MaxWords { get; init; } = 20_000;
    /// <summary>Occurrences in the training texts that a token needs to be known, at least 1. Default 2.</summary>
    public int MinimumCount { get; init; } = 2;
    /// <summary>Width of the embeddings, 1 to 4,096. Default 64.</summary>
    public int Width { get; init; } = 64;
    /// <summary>Blocks of the transformer, 1 to 32. Default 2.</summary>
    public int Blocks { get; init; } = 2;
    /// <summary>Attention heads of the transformer; the width is a multiple of them. Default 4.</summary>
    public int Heads { get; init; } = 4;
    /// <summary>Share dropped in training, from 0 up to but not including 1. Default 0.1.</summary>
    public double Dropout { get; init; } = 0.1;
    /// <summary>Whether classes count the same in sum, whatever their number of texts. Default false.</summary>
    public bool BalanceClasses { get; init; }
    /// <summary>Step size of AdamW, greater than 0, at most 1. Default 0.002.</summary>
    public double LearningRate { get; init; } = 2e-3;
    /// <summary>Decoupled weight decay of AdamW, 0 to 1. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;
    /// <summary>Texts a step, 1 to 1,000,000. Default 64.</summary>
    public int BatchSize { get; init; } = 64;
    /// <summary>Most passes over the training texts, 1 to 10,000. Default 20.</summary>
    public int MaxEpochs { get; init; } = 20;
    /// <summary>Epochs without a better validation loss after which training stops, at least 1. Default 3.</summary>
    public int Patience { get; init; } = 3;
    /// <summary>Seed of weights, order and dropout. Not negative. Default 42.</summary>
    public long Seed { get; init; } = 42;
    /// <summary><c>cpu</c> (the default), <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for a GPU where there is one. Without a number it is the first; in a job, the one of the rank's number on its host.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Every setting that lies outside its range; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        [.. Rules().Where(rule => !rule.Holds).Select(rule => $"{rule.Name} is {rule.Value.ToString(null, CultureInfo.InvariantCulture)}; allowed is {rule.Allowed}."), .. Loop().Validate()];

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every setting that is not.</exception>
    public TextTrainingOptions EnsureValid() =>
        Validate() is { Count: > 0 } errors ? throw new ArgumentException($"Training options are wrong: {string.Join(" ", errors)}") : this;

    /// <summary>What the training loop is given.</summary>
    internal TrainingLoopOptions Loop() => new()
    {
        Optimizer = new() { LearningRate = LearningRate, WeightDecay = WeightDecay }, MaxEpochs = MaxEpochs, EarlyStopping = new() { Patience = Patience }, Seed = Seed, Device = Device,
    };

    private IEnumerable<(string Name, IFormattable Value, string Allowed, bool Holds)> Rules()
    {
        yield return (nameof(Architecture), Architecture, "EmbeddingBag or Transformer", Enum.IsDefined(Architecture));
        yield return (nameof(MaxTokens), MaxTokens, "1 to 4,096", MaxTokens is >= 1 and <= 4_096);
        yield return (nameof(MaxWords), MaxWords, "1 to 1,000,000", MaxWords is >= 1 and <= 1_000_000);
        yield return (nameof(MinimumCount), MinimumCount, "at least 1", MinimumCount >= 1);
        yield return (nameof(Width), Width, "1 to 4,096", Width is >= 1 and <= 4_096);
        yield return (nameof(Blocks), Blocks, "1 to 32", Blocks is >= 1 and <= 32);
        yield return (nameof(Heads), Heads, "1 to 64, and a divisor of the width of a Transformer", Heads is >= 1 and <= 64 && (Architecture != TextArchitecture.Transformer || Width % Heads == 0));
        yield return (nameof(Dropout), Dropout, "0 up to but not including 1", Dropout is >= 0 and < 1);
        yield return (nameof(BatchSize), BatchSize, "1 to 1,000,000", BatchSize is >= 1 and <= 1_000_000);
    }
}
