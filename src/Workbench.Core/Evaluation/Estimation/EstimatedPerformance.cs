using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Charts;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation.Estimation;

/// <summary>How well a model does, estimated without labels; what labels have arrived stand beside it.</summary>
public sealed record EstimatedPerformance
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What is predicted.</summary>
    public required PredictionTask Task { get; init; }
    /// <summary><c>CBPE</c> for classes, <c>DLE</c> for numbers.</summary>
    public required string Method { get; init; }
    /// <summary>The metrics, in the order asked for.</summary>
    public required IReadOnlyList<MetricEstimates> Metrics { get; init; }

    /// <summary>Whether any estimate of any chunk lies outside of its thresholds.</summary>
    [JsonIgnore]
    public bool HasAlert => Metrics.Any(metric => metric.Chunks.Any(chunk => chunk.IsAlert));

    /// <summary>One metric by its name.</summary>
    /// <exception cref="ArgumentException">It was not estimated; names the nearest.</exception>
    public MetricEstimates this[string name] => Metrics.FirstOrDefault(metric => metric.Name == name) ?? throw new ArgumentException(
        $"'{name}' was not estimated.{Suggestion.DidYouMean(name, Metrics.Select(metric => metric.Name))} Estimated were: {string.Join(", ", Metrics.Select(metric => metric.Name))}.", nameof(name));

    /// <summary>One picture a metric.</summary>
    public IReadOnlyList<PlotlyFigure> ToFigures() => [.. Metrics.Select(metric => metric.ToFigure())];

    /// <summary>Indented JSON with camelCase names; <see cref="Parse"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static EstimatedPerformance Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<EstimatedPerformance>(json, Json) ?? throw new FormatException("An estimated performance cannot be null.");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"This is no estimated performance: {failure.Message}", failure);
        }
    }
}
