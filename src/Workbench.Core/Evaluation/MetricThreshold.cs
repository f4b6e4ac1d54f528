using System.Globalization;

namespace Workbench.Evaluation;

/// <summary>A value that a metric must reach, or must not exceed.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Limit">The bound, itself allowed.</param>
/// <param name="IsMinimum">Whether the metric must be at least the limit; else at most.</param>
public sealed record MetricThreshold(string Metric, double Limit, bool IsMinimum)
{
    /// <summary>Reads <c>roc_auc>=0.8</c> or <c>log_loss&lt;=0.4</c>, with or without spaces.</summary>
    /// <exception cref="FormatException">The text is none; says how one looks.</exception>
    public static MetricThreshold Parse(string text)
    {
        foreach (var (sign, isMinimum) in new[] { (">=", true), ("<=", false) })
            if (text.Split(sign, StringSplitOptions.TrimEntries) is [{ Length: > 0 } metric, var limit]
                && double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
                return new(metric, value, isMinimum);
        throw new FormatException($"'{text}' is no threshold. Write a metric, >= or <=, and a number, such as roc_auc>=0.8 or log_loss<=0.4.");
    }

    /// <summary>Whether a value keeps the threshold.</summary>
    public bool Allows(double value) => IsMinimum ? value >= Limit : value <= Limit;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric} {(IsMinimum ? ">=" : "<=")} {Limit}");
}
