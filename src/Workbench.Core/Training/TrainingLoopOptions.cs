using System.Globalization;
using System.Text.RegularExpressions;

namespace Workbench.Training;

/// <summary>How a <see cref="TrainingLoop"/> trains.</summary>
public sealed partial record TrainingLoopOptions
{
    /// <summary>The optimizer. Default AdamW with PyTorch's settings.</summary>
    public OptimizerSettings Optimizer { get; init; } = new();
    /// <summary>How the learning rate changes from step to step. Default constant.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant();
    /// <summary>Most passes over the training rows, at least 1; null when <see cref="MaxSteps"/> decides. Default 10.</summary>
    public int? MaxEpochs { get; init; } = 10;
    /// <summary>Most optimizer steps, at least 1; null (the default) when <see cref="MaxEpochs"/> decides.</summary>
    public long? MaxSteps { get; init; }
    /// <summary>Batches whose gradients are averaged into one optimizer step, at least 1: the same as one batch of all their rows. Default 1.</summary>
    public int AccumulationSteps { get; init; } = 1;
    /// <summary>Largest 2-norm of all gradients together, greater than 0; longer ones are scaled down. Null (the default) clips nothing.</summary>
    public double? ClipNorm { get; init; }
    /// <summary>Numbers to compute with. Default float32.</summary>
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;
    /// <summary>Seed of libtorch's generator (dropout); the batch source has its own. Not negative. Default 42.</summary>
    public long Seed { get; init; } = 42;
    /// <summary><c>cpu</c> (the default), <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for a GPU where there is one. Without a number it is the first; in a job, the one of the rank's number on its host.</summary>
    public string Device { get; init; } = "cpu";
    /// <summary>Threads that libtorch computes with, at least 1; null (the default) decides by the size of a step: below some 20 million multiplications one, else all cores.</summary>
    public int? Threads { get; init; }
    /// <summary>Optimizer steps from one progress report to the next, at least 1. Default 50.</summary>
    public long LogEverySteps { get; init; } = 50;
    /// <summary>Optimizer steps from one validation to the next, at least 1; null (the default) is the end of each epoch.</summary>
    public long? ValidateEverySteps { get; init; }
    /// <summary>The figure of the validation that decides what is best: <c>loss</c> (the default) or one of its metrics.</summary>
    public string Monitor { get; init; } = "loss";
    /// <summary>Whether a higher monitored figure is better. Default false, as for a loss.</summary>
    public bool HigherIsBetter { get; init; }
    /// <summary>When to stop early; null (the default) never does.</summary>
    public EarlyStopping? EarlyStopping { get; init; }
    /// <summary>How several ranks train together. Default: the job's ranks, or this process alone.</summary>
    public DistributedTrainingOptions Distributed { get; init; } = new();
    /// <summary>Where checkpoints go; null (the default) keeps none. Rank 0 writes and reads them.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>Every setting that is wrong; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        [.. Optimizer.Validate(), .. Schedule.Validate(), .. Distributed.Validate(), .. Rules().Where(rule => !rule.Holds).Select(rule => $"{rule.Name} is {rule.Value}; allowed is {rule.Allowed}.")];

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every setting that is not.</exception>
    public TrainingLoopOptions EnsureValid() =>
        Validate() is { Count: > 0 } errors ? throw new ArgumentException($"Training options are wrong: {string.Join(" ", errors)}") : this;

    private IEnumerable<(string Name, string Value, string Allowed, bool Holds)> Rules()
    {
        yield return (nameof(MaxEpochs), Text(MaxEpochs), $"at least 1, or null with {nameof(MaxSteps)} set", MaxEpochs is >= 1 || MaxEpochs is null && MaxSteps is not null);
        yield return (nameof(MaxSteps), Text(MaxSteps), "null or at least 1", MaxSteps is null or >= 1);
        yield return (nameof(AccumulationSteps), Text(AccumulationSteps), "at least 1", AccumulationSteps >= 1);
        yield return (nameof(ClipNorm), Text(ClipNorm), "null or greater than 0", ClipNorm is null or > 0);
        yield return (nameof(Seed), Text(Seed), "0 or more", Seed >= 0);
        yield return (nameof(Device), $"'{Device}'", "cpu, cuda, cuda:N or auto", DeviceName().IsMatch(Device));
        yield return (nameof(Threads), Text(Threads), "null or 1 to 1,024", Threads is null or (>= 1 and <= 1_024));
        yield return (nameof(LogEverySteps), Text(LogEverySteps), "at least 1", LogEverySteps >= 1);
        yield return (nameof(ValidateEverySteps), Text(ValidateEverySteps), "null or at least 1", ValidateEverySteps is null or >= 1);
        if (EarlyStopping is { } stopping)
        {
            yield return ($"{nameof(EarlyStopping)}.{nameof(stopping.Patience)}", Text(stopping.Patience), "at least 1", stopping.Patience >= 1);
            yield return ($"{nameof(EarlyStopping)}.{nameof(stopping.MinimumChange)}", Text(stopping.MinimumChange), "0 or more", stopping.MinimumChange >= 0);
        }
        if (Checkpoints is { } checkpoints)
        {
            yield return ($"{nameof(Checkpoints)}.{nameof(checkpoints.Folder)}", $"'{checkpoints.Folder}'", "a folder's path", !string.IsNullOrWhiteSpace(checkpoints.Folder));
            yield return ($"{nameof(Checkpoints)}.{nameof(checkpoints.EverySteps)}", Text(checkpoints.EverySteps), "null or at least 1", checkpoints.EverySteps is null or >= 1);
            yield return ($"{nameof(Checkpoints)}.{nameof(checkpoints.KeepLast)}", Text(checkpoints.KeepLast), "at least 1", checkpoints.KeepLast >= 1);
        }
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "null";

    [GeneratedRegex(@"\A(cpu|auto|cuda(:\d{1,3})?)\z")]
    private static partial Regex DeviceName();
}
