using System.Globalization;

namespace Workbench.Training;

/// <summary>An optimizer and its settings. The defaults are PyTorch's.</summary>
public sealed record OptimizerSettings
{
    /// <summary>Default AdamW.</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.AdamW;
    /// <summary>Peak learning rate, greater than 0, at most 10; the schedule scales it. Default 0.001.</summary>
    public double LearningRate { get; init; } = 1e-3;
    /// <summary>Weight decay, 0 to 1. Default 0.01; for SGD 0 is usual.</summary>
    public double WeightDecay { get; init; } = 0.01;
    /// <summary>Whether only weights of two and more dimensions decay, and biases and norms do not, as language models are trained. Default false.</summary>
    public bool DecayMatricesOnly { get; init; }
    /// <summary>AdamW: decay of the mean gradient, 0 up to but not including 1. Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;
    /// <summary>AdamW: decay of the mean squared gradient. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;
    /// <summary>AdamW: added to the denominator, greater than 0. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;
    /// <summary>SGD: momentum, 0 (the default) up to but not including 1.</summary>
    public double Momentum { get; init; }
    /// <summary>How it computes. Default Auto.</summary>
    public OptimizerEngine Engine { get; init; } = OptimizerEngine.Auto;

    /// <summary>What is wrong with these options; empty when all is well.</summary>
    internal IEnumerable<string> Validate()
    {
        if (!(LearningRate is > 0 and <= 10))
            yield return Wrong(nameof(LearningRate), LearningRate, "greater than 0, at most 10");
        if (!(WeightDecay is >= 0 and <= 1))
            yield return Wrong(nameof(WeightDecay), WeightDecay, "0 to 1");
        foreach (var (name, value) in new[] { (nameof(Beta1), Beta1), (nameof(Beta2), Beta2), (nameof(Momentum), Momentum) })
            if (!(value is >= 0 and < 1))
                yield return Wrong(name, value, "0 up to but not including 1");
        if (!(Epsilon is > 0 and <= 1))
            yield return Wrong(nameof(Epsilon), Epsilon, "greater than 0, at most 1");
        if (Kind == OptimizerKind.Sgd && Engine == OptimizerEngine.Fused)
            yield return $"{nameof(Engine)} is Fused, which only AdamW has; allowed for Sgd is Auto, Builtin or Flat.";
    }

    private static string Wrong(string name, double value, string allowed) => $"{name} is {value.ToString(CultureInfo.InvariantCulture)}; allowed is {allowed}.";
}
