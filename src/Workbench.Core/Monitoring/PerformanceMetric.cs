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

    /// <summary>Names a rule may use: accuracy, precision, recall, f1.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. ByName.Keys];

    /// <summary>The value in 0 to 1, or null when the counts do not define it.</summary>
    /// <exception cref="ArgumentException">The name is unknown; names the nearest.</exception>
    public static double? Compute(string metric, OutcomeCounts counts) =>
        ByName.TryGetValue(metric, out var compute) ? compute(counts) : throw new ArgumentException($"Unknown metric '{metric}'. {Spelling.Suggest(metric, Known)}", nameof(metric));
}
