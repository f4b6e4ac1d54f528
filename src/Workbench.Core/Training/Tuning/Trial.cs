using System.Text.Json.Nodes;

namespace Workbench.Training.Tuning;

/// <summary>One try of a study, as it stood when it was read. Times are of the database's clock.</summary>
public sealed record Trial
{
    /// <summary>Number in its study, from 0 on; never given twice.</summary>
    public required int Number { get; init; }
    /// <summary>Where it stands.</summary>
    public required TrialState State { get; init; }
    /// <summary>Its parameters by name, the same in every attempt.</summary>
    public required JsonObject Parameters { get; init; }
    /// <summary>What it achieved, or null unless it is completed.</summary>
    public double? Value { get; init; }
    /// <summary>What it reported on its way, by step; of its last attempt.</summary>
    public IReadOnlyList<TrialStep> Steps { get; init; } = [];
    /// <summary>One-based; above 1 when workers died or stopped.</summary>
    public required int Attempt { get; init; }
    /// <summary>Who is or was at it.</summary>
    public required string Worker { get; init; }
    /// <summary>What its worker noted, such as the id of a run; null for nothing.</summary>
    public string? Note { get; init; }
    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }
    /// <summary>When its last attempt began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>When it ended, or null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Parameters in words: <c>learningRate=0.01 batchSize=64</c>.</summary>
    public override string ToString() => string.Join(' ', Parameters.Select(pair => $"{pair.Key}={pair.Value?.ToJsonString().Trim('"') ?? "null"}"));
}
