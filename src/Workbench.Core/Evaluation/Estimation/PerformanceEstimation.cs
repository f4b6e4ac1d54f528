namespace Workbench.Evaluation.Estimation;

/// <summary>A way to estimate metrics that was fitted on a labelled reference. Thread-safe.</summary>
internal abstract class PerformanceEstimation
{
    /// <summary>What the field calls it.</summary>
    public abstract string Method { get; }
    /// <summary>What is estimated.</summary>
    public abstract IReadOnlyList<EstimatedMetric> Metrics { get; }
    /// <summary>One a metric; null where the reference says nothing of it.</summary>
    public abstract IReadOnlyList<SamplingError?> Errors { get; }

    /// <summary>One value a metric; null where the rows do not define it.</summary>
    public abstract double?[] Estimate(ServedPredictions predictions, EstimationChunk chunk);

    /// <summary>The same from the rows whose label is known.</summary>
    public abstract double?[] Realise(ServedPredictions predictions, EstimationChunk chunk);

    /// <summary>Rows of a chunk whose label is known.</summary>
    public static int[] Labelled(ServedPredictions predictions, EstimationChunk chunk) =>
        [.. Enumerable.Range(chunk.First, chunk.Rows).Where(row => !double.IsNaN(predictions.Labels[row]))];

    /// <summary>The metrics of these names.</summary>
    /// <exception cref="ArgumentException">One is unknown; names the nearest.</exception>
    protected static IReadOnlyList<T> Choose<T>(IReadOnlyList<string>? names, IEnumerable<T> whenNone, IEnumerable<T> known, string task) where T : EstimatedMetric
    {
        if (names is null)
            return [.. whenNone];
        var all = known.ToList();
        string[] candidates = [.. all.Select(metric => metric.Name)];
        return [.. names.Select(name => all.Find(metric => metric.Name == name) ?? throw new ArgumentException(
            $"'{name}' cannot be estimated for {task} predictions.{Data.Suggestion.DidYouMean(name, candidates)} Known: {string.Join(", ", candidates)}."
            + (name == "business_value" ? " Give BusinessValues to have it." : "")))];
    }
}
