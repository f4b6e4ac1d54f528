using Workbench.Evaluation;
using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>The metrics of <see cref="OutcomeCounts"/> by name.</summary>
public static class PerformanceMetric
{
    private static readonly Dictionary<string, Func<OutcomeCounts, double?>> ByName = new(StringComparer.Ordinal)
    {
        ["accuracy"] = counts => counts.Accuracy,
        ["precision"] = counts => counts.Precision,
        ["recall"] = counts => counts.Recall,
        ["f1"] = counts => counts.F1,
    };

    // Successes and trials of the binomial share that each metric is, or is a rising function of.
    private static readonly Dictionary<string, Func<OutcomeCounts, (long Hits, long Trials)>> Shares = new(StringComparer.Ordinal)
    {
        ["accuracy"] = counts => (counts.Correct, counts.Judged),
        ["precision"] = counts => (counts.TruePositives, counts.TruePositives + counts.FalsePositives),
        ["recall"] = counts => (counts.TruePositives, counts.TruePositives + counts.FalseNegatives),
        ["f1"] = counts => (counts.TruePositives, counts.TruePositives + counts.FalsePositives + counts.FalseNegatives),
    };

    private const double Normal975 = 1.959963984540054; // the 97.5 % quantile of the normal distribution

    /// <summary>Names a rule may use: accuracy, precision, recall, f1.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. ByName.Keys];

    /// <summary>The value in 0 to 1, or null when the counts do not define it.</summary>
    /// <exception cref="ArgumentException">The name is unknown; names the nearest.</exception>
    public static double? Compute(string metric, OutcomeCounts counts) =>
        ByName.TryGetValue(metric, out var compute) ? compute(counts) : throw new ArgumentException($"Unknown metric '{metric}'. {Spelling.Suggest(metric, Known)}", nameof(metric));

    /// <summary>
    /// The value with its 95 % interval by Wilson's score (1927, J. Am. Stat. Assoc. 22, 209-212), which needs no resampling
    /// and stays within 0 to 1 on few rows. That of f1 follows from the share q of hits among the rows labelled or predicted
    /// 1, as f1 = 2q / (1 + q). Null when the counts do not define the value.
    /// </summary>
    /// <exception cref="ArgumentException">The name is unknown; names the nearest.</exception>
    public static MetricEstimate? Estimate(string metric, OutcomeCounts counts)
    {
        if (Compute(metric, counts) is not { } value)
            return null;
        var (hits, trials) = Shares[metric](counts);
        var (lower, upper) = Wilson(hits, trials);
        return metric == "f1" ? new(value, 2 * lower / (1 + lower), 2 * upper / (1 + upper)) : new(value, lower, upper);
    }

    private static (double Lower, double Upper) Wilson(double hits, double trials)
    {
        double share = hits / trials, z = Normal975, z2 = z * z / trials;
        double middle = (share + z2 / 2) / (1 + z2), half = z / (1 + z2) * Math.Sqrt(share * (1 - share) / trials + z2 / 4 / trials);
        return (hits == 0 ? 0 : Math.Max(0, middle - half), hits == trials ? 1 : Math.Min(1, middle + half));
    }
}
