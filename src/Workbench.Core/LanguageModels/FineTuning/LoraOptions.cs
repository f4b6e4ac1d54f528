using System.Globalization;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>The shape of a LoRA adapter (Hu et al. 2021, https://arxiv.org/abs/2106.09685).</summary>
public sealed record LoraOptions
{
    /// <summary>The target that stands for every projection but the output head, as in PEFT.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>r: width of the bottleneck, at least 1; more learn more and weigh more. Default 8.</summary>
    public int Rank { get; init; } = 8;
    /// <summary>α, greater than 0: what the adapter adds is scaled by α / r. Default 16.</summary>
    public double Alpha { get; init; } = 16;
    /// <summary>Dropout on the adapter's input while training, 0 up to but not including 1. Default 0.</summary>
    public double Dropout { get; init; }
    /// <summary>Projections by the end of their name, such as <c>c_attn</c>, <c>q_proj</c> or <c>attn.c_proj</c>; <see cref="AllLinear"/> (the default) is every one but the output head.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [AllLinear];
    /// <summary>Whether the scale is α / √r (rsLoRA, Kalajdzievski 2023), which keeps large ranks learning. Default false.</summary>
    public bool IsRankStabilized { get; init; }
    /// <summary>Seed of the fresh weights, 0 or more. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What the product B A is multiplied with.</summary>
    public double Scale => Alpha / (IsRankStabilized ? Math.Sqrt(Rank) : Rank);

    /// <summary>Every setting that is wrong; empty when all is well. Targets are checked against a model, by who attaches.</summary>
    public IReadOnlyList<string> Validate() => Rules().Where(rule => !rule.Holds)
        .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Name} is {rule.Value}; allowed is {rule.Allowed}.")).ToList();

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every setting that is not.</exception>
    public LoraOptions EnsureValid() =>
        Validate() is { Count: > 0 } errors ? throw new ArgumentException($"LoRA options are wrong: {string.Join(" ", errors)}") : this;

    private IEnumerable<(string Name, object Value, string Allowed, bool Holds)> Rules()
    {
        yield return (nameof(Rank), Rank, "at least 1", Rank >= 1);
        yield return (nameof(Alpha), Alpha, "greater than 0", Alpha > 0 && double.IsFinite(Alpha));
        yield return (nameof(Dropout), Dropout, "0 up to but not including 1", Dropout is >= 0 and < 1);
        yield return (nameof(Targets), $"[{string.Join(", ", Targets)}]", $"one or more ends of projections' names, or {AllLinear}", Targets.Count > 0 && !Targets.Any(string.IsNullOrWhiteSpace));
        yield return (nameof(Seed), Seed, "0 or more", Seed >= 0);
    }
}
