using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>
/// When the champion of a model is too bad: a metric over the predictions whose label arrived in the last
/// <see cref="Window"/> lies below (or above) a threshold for the whole of <see cref="For"/>.
/// </summary>
public sealed record MetricRule
{
    /// <summary>Unique name, such as <c>churn-accuracy</c>.</summary>
    public required string Name { get; init; }
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>One of <see cref="PerformanceMetric.Known"/>. Default accuracy.</summary>
    public string Metric { get; init; } = "accuracy";
    /// <summary>The rule holds below this value, exclusive; give this or <see cref="Above"/>.</summary>
    public double? Below { get; init; }
    /// <summary>The rule holds above this value, exclusive; give this or <see cref="Below"/>.</summary>
    public double? Above { get; init; }
    /// <summary>How long a label counts after it arrived, in business time. Default 7 days.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(7);
    /// <summary>How long the threshold must be crossed before the alert fires, inclusive, in business time. Default zero: at once.</summary>
    public TimeSpan For { get; init; } = TimeSpan.Zero;
    /// <summary>With fewer labelled rows there is no data, and the alert stays as it is. Default 200.</summary>
    public int MinimumRows { get; init; } = 200;
    /// <summary>What the host does when the alert fires, such as <c>retrain</c> or <c>rollback</c>; travels with each event.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>The threshold, whichever side it is on; NaN when none is given, which <see cref="Validate"/> refuses.</summary>
    internal double Threshold => Below ?? Above ?? double.NaN;

    /// <summary>Everything that is wrong with the rule; empty when it is sound.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(Name))
            errors.Add("Name is empty; give the rule a name such as 'churn-accuracy'.");
        if (string.IsNullOrWhiteSpace(Model))
            errors.Add("Model is empty; name the model it watches.");
        if (!PerformanceMetric.Known.Contains(Metric))
            errors.Add($"Metric '{Metric}' is unknown. {Spelling.Suggest(Metric, PerformanceMetric.Known)}");
        if (Below.HasValue == Above.HasValue)
            errors.Add("Give one threshold: Below or Above.");
        else if (Threshold is not (>= 0 and <= 1))
            errors.Add($"The threshold is {Threshold}; the metrics lie in 0 to 1.");
        if (Window <= TimeSpan.Zero)
            errors.Add($"Window is {Window}; it lies above zero, such as 7.00:00:00.");
        if (For < TimeSpan.Zero)
            errors.Add($"For is {For}; it is zero or more.");
        if (MinimumRows < 1)
            errors.Add($"MinimumRows is {MinimumRows}; it is 1 or more.");
        return errors;
    }

    /// <summary>Refuses rules that are not sound, or share a name; the message lists all that is wrong.</summary>
    /// <exception cref="ArgumentException">At least one error.</exception>
    public static void EnsureValid(IReadOnlyList<MetricRule> rules)
    {
        var errors = rules.SelectMany(rule => rule.Validate().Select(error => $"Rule '{rule.Name}': {error}"))
            .Concat(rules.GroupBy(rule => rule.Name).Where(group => group.Count() > 1).Select(group => $"Rule '{group.Key}': {group.Count()} rules have this name."))
            .ToList();
        if (errors.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(rules));
    }
}
