using System.Text.Json;
using Workbench.Data;
using Workbench.Drift.Streams;

namespace Workbench.Monitoring;

/// <summary>How far the errors of a model were watched: kept between two readings.</summary>
public sealed record DriftStreamState
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What <see cref="StreamWatch.Save"/> wrote.</summary>
    public required string Watch { get; init; }
    /// <summary>Labelled predictions seen.</summary>
    public long Rows { get; init; }
    /// <summary>When the last one's label became known; null before the first.</summary>
    public DateTimeOffset? LabelledAt { get; init; }
    /// <summary>Its id.</summary>
    public string? PredictionId { get; init; }

    /// <summary>Nothing was seen yet.</summary>
    public static DriftStreamState Start(IStreamDetector detector) => new() { Watch = new StreamWatch(detector).Save() };

    /// <summary>As JSON, for <see cref="Parse"/>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="DataException">The text is none.</exception>
    public static DriftStreamState Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<DriftStreamState>(json, Json) ?? throw new JsonException("it is null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"This is no state of a drift stream: {failure.Message} Start a new one with DriftStreamState.Start.", failure);
        }
    }
}
