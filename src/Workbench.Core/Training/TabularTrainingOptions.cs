using System.Globalization;
using System.Text.RegularExpressions;

namespace Workbench.Training;

/// <summary>How a tabular network is built and trained. The defaults suit some ten thousand rows on two cores.</summary>
public sealed partial record TabularTrainingOptions
{
    /// <summary>Widths of the hidden layers, input side first. Default 64, 32; empty means logistic regression.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 32];

    /// <summary>
    /// Width of each categorical column's embedding, or null (the default) for fastai's rule
    /// min(50, round(1.6 · n^0.56)) over the n codes of the column (fastai.tabular.model.emb_sz_rule).
    /// </summary>
    public int? EmbeddingSize { get; init; }

    /// <summary>Share of hidden units dropped in training, from 0 up to but not including 1. Default 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Step size of AdamW, greater than 0, at most 1. Default 0.002.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Decoupled weight decay of AdamW, from 0 to 1. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Rows a step, 1 to 1,000,000. Default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Most passes over the training rows, 1 to 10,000. Default 30.</summary>
    public int MaxEpochs { get; init; } = 30;

    /// <summary>Epochs without a better validation loss after which training stops, at least 1. Default 5.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Seed of weights, order and dropout; the same seed on the same CPU gives the same bits. Not negative. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary><c>cpu</c> (the default), <c>cuda:N</c>, or <c>auto</c> for the first GPU where there is one.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Every setting that lies outside its range; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        Rules().Where(rule => !rule.Holds).Select(rule => $"{rule.Name} is {rule.Value}; allowed is {rule.Allowed}.").ToList();

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every setting that is not.</exception>
    public TabularTrainingOptions EnsureValid() =>
        Validate() is { Count: > 0 } errors ? throw new ArgumentException($"Training options are wrong: {string.Join(" ", errors)}") : this;

    /// <summary>Width of the embedding of a column with <paramref name="codes"/> codes.</summary>
    internal int EmbeddingSizeFor(int codes) =>
        EmbeddingSize ?? (int)Math.Min(50, Math.Max(1, Math.Round(1.6 * Math.Pow(codes, 0.56))));

    private IEnumerable<(string Name, string Value, string Allowed, bool Holds)> Rules()
    {
        yield return (nameof(HiddenSizes), $"[{string.Join(", ", HiddenSizes)}]", "at most 16 widths from 1 to 65,536",
            HiddenSizes.Count <= 16 && HiddenSizes.All(size => size is >= 1 and <= 65_536));
        yield return (nameof(EmbeddingSize), Text(EmbeddingSize), "null or 1 to 4,096", EmbeddingSize is null or (>= 1 and <= 4_096));
        yield return (nameof(Dropout), Text(Dropout), "0 up to but not including 1", Dropout is >= 0 and < 1);
        yield return (nameof(LearningRate), Text(LearningRate), "greater than 0, at most 1", LearningRate is > 0 and <= 1);
        yield return (nameof(WeightDecay), Text(WeightDecay), "0 to 1", WeightDecay is >= 0 and <= 1);
        yield return (nameof(BatchSize), Text(BatchSize), "1 to 1,000,000", BatchSize is >= 1 and <= 1_000_000);
        yield return (nameof(MaxEpochs), Text(MaxEpochs), "1 to 10,000", MaxEpochs is >= 1 and <= 10_000);
        yield return (nameof(Patience), Text(Patience), "at least 1", Patience >= 1);
        yield return (nameof(Seed), Text(Seed), "0 or more", Seed >= 0);
        yield return (nameof(Device), $"'{Device}'", "cpu, cuda, cuda:N or auto", DeviceName().IsMatch(Device));
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "null";

    [GeneratedRegex(@"\A(cpu|auto|cuda(:\d{1,3})?)\z")]
    private static partial Regex DeviceName();
}
