using System.Globalization;
using Workbench.Distributed.Tracing;
using Workbench.Training;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>How a <see cref="FineTuner"/> trains: AdamW on matrices with decay, a cosine with warm-up, clipped gradients.</summary>
public sealed record FineTuningOptions
{
    /// <summary>Tokens a row, at least 2 and at most the model's positions; null is the smaller of those and 256.</summary>
    public int? Context { get; init; }
    /// <summary>Rows a batch, at least 1. Default 8.</summary>
    public int BatchSize { get; init; } = 8;
    /// <summary>Batches whose gradients make one step, at least 1. Default 1.</summary>
    public int AccumulationSteps { get; init; } = 1;
    /// <summary>Most passes over the new text, at least 1; null when <see cref="Steps"/> decides. Default 1.</summary>
    public int? Epochs { get; init; } = 1;
    /// <summary>Most optimizer steps, at least 1; null (the default) when <see cref="Epochs"/> decides.</summary>
    public long? Steps { get; init; }
    /// <summary>Peak learning rate, greater than 0, at most 10. Default 2e-4, as is usual for adapters; full fine-tuning takes about a quarter, a fresh small model five times as much.</summary>
    public double LearningRate { get; init; } = 2e-4;
    /// <summary>Steps of linear rise to the peak, 0 or more. Default 20.</summary>
    public long WarmupSteps { get; init; } = 20;
    /// <summary>What is left of the peak at the end of the cosine, 0 to 1. Default 0.</summary>
    public double MinimumLearningRateShare { get; init; }
    /// <summary>Decoupled weight decay of matrices, 0 to 1. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;
    /// <summary>Largest 2-norm of all gradients together, greater than 0. Default 1.</summary>
    public double ClipNorm { get; init; } = 1;
    /// <summary>Numbers to compute with. Default float32.</summary>
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;
    /// <summary><c>cpu</c> (the default), <c>cuda:N</c>, or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";
    /// <summary>Threads that libtorch computes with, at least 1; null (the default) decides by the size of a step. One thread repeats to the bit on every machine.</summary>
    public int? Threads { get; init; }
    /// <summary>Seed of order and dropout, 0 or more. Default 42.</summary>
    public long Seed { get; init; } = 42;
    /// <summary>Whether blocks are computed again in the backward pass in place of being kept: less memory, a third more time. Default false.</summary>
    public bool RecomputesBlocks { get; init; }
    /// <summary>Share of rows that are old text, in [0, 1), against forgetting; takes an old corpus. Default 0.</summary>
    public double ReplayShare { get; init; }
    /// <summary>By how much the perplexity on the old corpus may rise, as a share of what it was (0.1 is 10 %), 0 or more; null (the default) is no bound.</summary>
    public double? MaxForgetting { get; init; }
    /// <summary>Steps from one window of the perplexity to the next, in tokens; null is the context.</summary>
    public int? Stride { get; init; }
    /// <summary>Steps from one report to the next, at least 1. Default 10.</summary>
    public long LogEverySteps { get; init; } = 10;
    /// <summary>Steps from one validation on the new held-out text to the next, at least 1; null (the default) is each epoch's end.</summary>
    public long? ValidateEverySteps { get; init; }
    /// <summary>Where checkpoints go, from which a killed training goes on; null (the default) keeps none.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>Where the training writes what it did when; null (the default) records nothing.</summary>
    public TimelineOptions? Timeline { get; init; }

    /// <summary>Every setting that is wrong; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
    [
        .. Loop().Validate(),
        .. Rules().Where(rule => !rule.Holds).Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Name} is {rule.Value}; allowed is {rule.Allowed}.")),
    ];

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every setting that is not.</exception>
    public FineTuningOptions EnsureValid() =>
        Validate() is { Count: > 0 } errors ? throw new ArgumentException($"Fine-tuning options are wrong: {string.Join(" ", errors)}") : this;

    /// <summary>The loop's part of these options.</summary>
    internal TrainingLoopOptions Loop() => new()
    {
        Optimizer = new() { LearningRate = LearningRate, WeightDecay = WeightDecay, DecayMatricesOnly = true },
        Schedule = LearningRateSchedule.Cosine(WarmupSteps, MinimumLearningRateShare),
        MaxEpochs = Epochs, MaxSteps = Steps, AccumulationSteps = AccumulationSteps, ClipNorm = ClipNorm, Precision = Precision, Seed = Seed, Device = Device, Threads = Threads,
        LogEverySteps = LogEverySteps, ValidateEverySteps = ValidateEverySteps, Checkpoints = Checkpoints,
        Distributed = new() { Timeline = Timeline },
    };

    private IEnumerable<(string Name, object Value, string Allowed, bool Holds)> Rules()
    {
        yield return (nameof(Context), Context ?? 0, "null or at least 2", Context is null or >= 2);
        yield return (nameof(BatchSize), BatchSize, "at least 1", BatchSize >= 1);
        yield return (nameof(ReplayShare), ReplayShare, "at least 0 and below 1", ReplayShare is >= 0 and < 1);
        yield return (nameof(MaxForgetting), MaxForgetting ?? 0, "null or 0 or more", MaxForgetting is null or >= 0);
        yield return (nameof(Stride), Stride ?? 0, "null or 1 to the context", Stride is null || Stride >= 1 && (Context is null || Stride <= Context));
    }
}
