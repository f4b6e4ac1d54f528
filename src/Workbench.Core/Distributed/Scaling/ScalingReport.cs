using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Distributed.Scaling;

/// <summary>How a training gets faster with more ranks. Everything is compared with the fewest ranks measured.</summary>
public sealed record ScalingReport
{
    /// <summary>One for each number of ranks, fewest first; at least one.</summary>
    public required IReadOnlyList<ScalingPoint> Points { get; init; }
    /// <summary>Whether N ranks step on N times the batch (weak scaling); else they share one (strong scaling), as a training does that is given more ranks.</summary>
    public required bool IsWeak { get; init; }
    /// <summary>Threads that each rank computes with, the same for every number of ranks.</summary>
    public required int ThreadsPerRank { get; init; }
    /// <summary>Cores of the machine that measured.</summary>
    public required int Cores { get; init; }
    /// <summary>Steps before those that count.</summary>
    public required int Warmup { get; init; }
    /// <summary>What ranks exchange gradients with.</summary>
    public required string Engine { get; init; }
    /// <summary>What was measured, such as the command line.</summary>
    public required string Subject { get; init; }

    /// <summary>Samples a second over those of the fewest ranks. Ideal is <see cref="Ideal"/>.</summary>
    public double SpeedUp(ScalingPoint point) => point.SamplesPerSecond / Points[0].SamplesPerSecond;

    /// <summary>Ranks over the fewest ranks.</summary>
    public double Ideal(ScalingPoint point) => point.Ranks / (double)Points[0].Ranks;

    /// <summary>Speed-up over the ideal one; 1 is perfect.</summary>
    public double Efficiency(ScalingPoint point) => SpeedUp(point) / Ideal(point);

    /// <summary>The report as indented JSON; times in milliseconds.</summary>
    public string ToJson() => new JsonObject
    {
        ["subject"] = Subject, ["scaling"] = IsWeak ? "weak" : "strong", ["engine"] = Engine, ["cores"] = Cores, ["threadsPerRank"] = ThreadsPerRank, ["warmupSteps"] = Warmup,
        ["points"] = new JsonArray([.. Points.Select(point => new JsonObject
        {
            ["ranks"] = point.Ranks, ["batch"] = point.Batch, ["steps"] = point.Steps, ["samplesPerSecond"] = point.SamplesPerSecond, ["slowestPart"] = point.Lowest, ["fastestPart"] = point.Highest,
            ["speedUp"] = SpeedUp(point), ["efficiency"] = Efficiency(point), ["stepMilliseconds"] = point.StepTime.TotalMilliseconds,
            ["waitingMilliseconds"] = point.Waiting.TotalMilliseconds, ["waitingShare"] = point.WaitingShare,
            ["meanStepMilliseconds"] = new JsonObject([.. point.Times.Select(time => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(time.Key.ToString()), (JsonNode?)time.Value.TotalMilliseconds)), KeyValuePair.Create("other", (JsonNode?)point.Other.TotalMilliseconds)]),
        })]),
    }.ToJsonString(Indented);

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };
}
