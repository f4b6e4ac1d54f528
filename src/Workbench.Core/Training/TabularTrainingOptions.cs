using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Workbench.Distributed.Tracing;
using Workbench.Features;

namespace Workbench.Training;

/// <summary>How a tabular model is built and trained. The defaults suit some ten thousand rows on two cores.</summary>
public sealed partial record TabularTrainingOptions
{
    /// <summary>The kind of model. Default the multilayer perceptron.</summary>
    public TabularArchitecture Architecture { get; init; } = TabularArchitecture.Mlp;

    /// <summary>Imputation, indicators and vocabularies.</summary>
    public TabularPreprocessing Preprocessing { get; init; } = new();

    /// <summary>Settings of the architectures LightGbm and FastTree, which read them, the class weights and the seed only.</summary>
    public TreeOptions Trees { get; init; } = new();

    /// <summary>How much a row of each class counts, in the order of the schema's classes (0 and 1 for a binary task); empty (the default) means all the same.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Whether classes count the same in sum, whatever their number of rows. Default false; not together with <see cref="ClassWeights"/>.</summary>
    public bool BalanceClasses { get; init; }

    /// <summary>Width of ResidualMlp and FtTransformer, 1 to 4,096. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Blocks of ResidualMlp and FtTransformer, 1 to 32. Default 2.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Attention heads of FtTransformer; its width is a multiple of them. Default 4.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Widths of the hidden layers of Mlp, input side first. Default 64, 32; empty means logistic regression.</summary>
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

    /// <summary><c>cpu</c> (the default), <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for a GPU where there is one. Without a number it is the first; in a job, the one of the rank's number on its host.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Where a network's training keeps its state, to go on when it was interrupted; null (the default) keeps none. No part of the model. Trees do not go on: they begin anew.</summary>
    [JsonIgnore]
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>Most optimizer steps of a network, at least 1, as for a measurement of speed; null (the default) when <see cref="MaxEpochs"/> decides. No part of the model.</summary>
    [JsonIgnore]
    public long? MaxSteps { get; init; }

    /// <summary>Where a network's training writes what it did when; null (the default) records nothing. No part of the model.</summary>
    [JsonIgnore]
    public TimelineOptions? Timeline { get; init; }

    /// <summary>Every setting that lies outside its range; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        Rules().Where(rule => !rule.Holds).Select(rule => $"{rule.Name} is {rule.Value}; allowed is {rule.Allowed}.").ToList();

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every setting that is not.</exception>
    public TabularTrainingOptions EnsureValid() =>
        Validate() is { Count: > 0 } errors ? throw new ArgumentException($"Training options are wrong: {string.Join(" ", errors)}") : this;

    /// <summary>Whether the model is trees and not a network.</summary>
    internal bool IsTrees => Architecture is TabularArchitecture.LightGbm or TabularArchitecture.FastTree;

    /// <summary>Width of the embedding of a column with <paramref name="codes"/> codes.</summary>
    internal int EmbeddingSizeFor(int codes) =>
        Architecture == TabularArchitecture.Linear ? 1 : EmbeddingSize ?? (int)Math.Min(50, Math.Max(1, Math.Round(1.6 * Math.Pow(codes, 0.56))));

    private IEnumerable<(string Name, string Value, string Allowed, bool Holds)> Rules()
    {
        yield return (nameof(Architecture), Architecture.ToString(), string.Join(", ", Enum.GetNames<TabularArchitecture>()), Enum.IsDefined(Architecture));
        yield return ($"{nameof(Preprocessing)}.{nameof(Preprocessing.MinimumCategoryRows)}", Text(Preprocessing.MinimumCategoryRows), "at least 1", Preprocessing.MinimumCategoryRows >= 1);
        yield return ($"{nameof(Preprocessing)}.{nameof(Preprocessing.MissingNumbers)}", Preprocessing.MissingNumbers.ToString(), "Mean or Median", Enum.IsDefined(Preprocessing.MissingNumbers));
        yield return (nameof(ClassWeights), $"[{string.Join(", ", ClassWeights.Select(weight => Text(weight)))}]", "finite weights greater than 0, and none when BalanceClasses is set",
            ClassWeights.All(weight => weight > 0 && double.IsFinite(weight)) && (ClassWeights.Count == 0 || !BalanceClasses));
        yield return (nameof(Width), Text(Width), "1 to 4,096", Width is >= 1 and <= 4_096);
        yield return (nameof(Blocks), Text(Blocks), "1 to 32", Blocks is >= 1 and <= 32);
        yield return (nameof(Heads), Text(Heads), "1 to 64, and a divisor of the width of an FtTransformer",
            Heads is >= 1 and <= 64 && (Architecture != TabularArchitecture.FtTransformer || Width % Heads == 0));
        yield return ($"{nameof(Trees)}.{nameof(Trees.Rounds)}", Text(Trees.Rounds), "1 to 10,000", Trees.Rounds is >= 1 and <= 10_000);
        yield return ($"{nameof(Trees)}.{nameof(Trees.Leaves)}", Text(Trees.Leaves), "2 to 4,096", Trees.Leaves is >= 2 and <= 4_096);
        yield return ($"{nameof(Trees)}.{nameof(Trees.LearningRate)}", Text(Trees.LearningRate), "greater than 0, at most 1", Trees.LearningRate is > 0 and <= 1);
        yield return ($"{nameof(Trees)}.{nameof(Trees.MinimumLeafRows)}", Text(Trees.MinimumLeafRows), "1 to 1,000,000", Trees.MinimumLeafRows is >= 1 and <= 1_000_000);
        yield return (nameof(HiddenSizes), $"[{string.Join(", ", HiddenSizes)}]", "at most 16 widths from 1 to 65,536",
            HiddenSizes.Count <= 16 && HiddenSizes.All(size => size is >= 1 and <= 65_536));
        yield return (nameof(EmbeddingSize), Text(EmbeddingSize), "null or 1 to 4,096", EmbeddingSize is null or (>= 1 and <= 4_096));
        yield return (nameof(Dropout), Text(Dropout), "0 up to but not including 1", Dropout is >= 0 and < 1);
        yield return (nameof(LearningRate), Text(LearningRate), "greater than 0, at most 1", LearningRate is > 0 and <= 1);
        yield return (nameof(WeightDecay), Text(WeightDecay), "0 to 1", WeightDecay is >= 0 and <= 1);
        yield return (nameof(BatchSize), Text(BatchSize), "1 to 1,000,000", BatchSize is >= 1 and <= 1_000_000);
        yield return (nameof(MaxEpochs), Text(MaxEpochs), "1 to 10,000", MaxEpochs is >= 1 and <= 10_000);
        yield return (nameof(MaxSteps), Text(MaxSteps), "null or at least 1", MaxSteps is null or >= 1);
        yield return (nameof(Patience), Text(Patience), "at least 1", Patience >= 1);
        yield return (nameof(Seed), Text(Seed), "0 or more", Seed >= 0);
        yield return (nameof(Device), $"'{Device}'", "cpu, cuda, cuda:N or auto", DeviceName().IsMatch(Device));
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "null";

    [GeneratedRegex(@"\A(cpu|auto|cuda(:\d{1,3})?)\z")]
    private static partial Regex DeviceName();
}
