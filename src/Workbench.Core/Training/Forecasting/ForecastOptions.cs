using System.Globalization;

namespace Workbench.Training.Forecasting;

/// <summary>What is forecast, from what, and how the forecaster is trained. The defaults suit hourly values with a daily rhythm within a weekly one.</summary>
public sealed record ForecastOptions
{
    /// <summary>Steps that are forecast at once, 1 to 10,000. Default 24.</summary>
    public int Horizon { get; init; } = 24;
    /// <summary>Last values that a forecast is made from, at least one season, at most 100,000. Default 336.</summary>
    public int Window { get; init; } = 336;
    /// <summary>Steps after which the values repeat roughly, at least 1 (no rhythm: the last value). Default 168.</summary>
    public int Season { get; init; } = 168;
    /// <summary>Ascending quantiles to forecast, greater than 0 and less than 1, the median among them. Default 0.1, 0.5, 0.9.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [0.1, 0.5, 0.9];
    /// <summary>Step size of AdamW, greater than 0, at most 1. Default 0.001.</summary>
    public double LearningRate { get; init; } = 1e-3;
    /// <summary>Decoupled weight decay of AdamW, 0 to 1. Default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;
    /// <summary>Windows a step, 1 to 1,000,000. Default 128.</summary>
    public int BatchSize { get; init; } = 128;
    /// <summary>Most passes over the training windows, 1 to 10,000. Default 50.</summary>
    public int MaxEpochs { get; init; } = 50;
    /// <summary>Epochs without a better validation loss after which training stops, at least 1. Default 5.</summary>
    public int Patience { get; init; } = 5;
    /// <summary>Seed of the order. Not negative. Default 42.</summary>
    public long Seed { get; init; } = 42;
    /// <summary><c>cpu</c> (the default), <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for a GPU where there is one. Without a number it is the first; in a job, the one of the rank's number on its host.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Every setting that lies outside its range; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        [.. Rules().Where(rule => !rule.Holds).Select(rule => $"{rule.Name} is {rule.Value}; allowed is {rule.Allowed}."), .. Loop().Validate()];

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every setting that is not.</exception>
    public ForecastOptions EnsureValid() =>
        Validate() is { Count: > 0 } errors ? throw new ArgumentException($"Forecast options are wrong: {string.Join(" ", errors)}") : this;

    /// <summary>Index of the median among the quantiles.</summary>
    internal int Median => Quantiles.ToList().IndexOf(0.5);

    /// <summary>What the training loop is given.</summary>
    internal TrainingLoopOptions Loop() => new()
    {
        Optimizer = new() { LearningRate = LearningRate, WeightDecay = WeightDecay }, MaxEpochs = MaxEpochs, EarlyStopping = new() { Patience = Patience }, Seed = Seed, Device = Device,
    };

    private IEnumerable<(string Name, string Value, string Allowed, bool Holds)> Rules()
    {
        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        yield return (nameof(Horizon), Text(Horizon), "1 to 10,000", Horizon is >= 1 and <= 10_000);
        yield return (nameof(Season), Text(Season), "at least 1", Season >= 1);
        yield return (nameof(Window), Text(Window), $"at least the season, {Season}, at most 100,000", Window >= Season && Window is >= 1 and <= 100_000);
        yield return (nameof(Quantiles), $"[{string.Join(", ", Quantiles.Select(quantile => Text(quantile)))}]", "at most 99 ascending numbers between 0 and 1, both excluded, with 0.5 among them",
            Quantiles.Count <= 99 && Median >= 0 && Quantiles.All(quantile => quantile is > 0 and < 1) && Quantiles.Zip(Quantiles.Skip(1)).All(pair => pair.First < pair.Second));
        yield return (nameof(BatchSize), Text(BatchSize), "1 to 1,000,000", BatchSize is >= 1 and <= 1_000_000);
    }
}
