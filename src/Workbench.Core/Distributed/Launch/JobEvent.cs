using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>Something that happened in a job.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Attempt">In which attempt, from 1.</param>
public sealed record JobEvent(JobEventKind Kind, DateTimeOffset At, int Attempt)
{
    /// <summary>The rank it is about; null when it is about the job.</summary>
    public int? Rank { get; init; }

    /// <summary>The last step that the rank made; null before the first, or when it is not about a rank.</summary>
    public long? Step { get; init; }

    /// <summary>What the rank is doing, of <see cref="JobEventKind.RankProgress"/>.</summary>
    public RankState? State { get; init; }

    /// <summary>A line of output, a reason, an error.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the line of <see cref="JobEventKind.Output"/> was written to the standard error.</summary>
    public bool IsError { get; init; }

    /// <summary>What a rank reported.</summary>
    public JsonObject? Data { get; init; }

    /// <summary>How the rank's training goes, where <see cref="Data"/> tells that.</summary>
    public RankMetrics? Metrics => Data is null ? null : RankMetrics.Read(Data);

    /// <summary>The model that the rank registered, where <see cref="Data"/> tells of one.</summary>
    public JobModel? Model => Data is null ? null : JobModel.Read(Data);

    /// <summary>How the job ended, of <see cref="JobEventKind.Ended"/>.</summary>
    public JobResult? Result { get; init; }

    /// <summary>Number of ranks of the attempt that begins.</summary>
    public int? Size { get; init; }

    /// <summary>Wait before the attempt that begins.</summary>
    public TimeSpan? Delay { get; init; }
}
