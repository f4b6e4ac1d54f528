namespace Workbench.Evaluation;

/// <summary>What <see cref="EngagementMetrics"/> computes; a value without its events is null.</summary>
public sealed record EngagementScores
{
    /// <summary>Requests that a prediction was served for.</summary>
    public required long Served { get; init; }
    /// <summary>Served requests with a click.</summary>
    public required long Clicked { get; init; }
    /// <summary>Clicked / served, however often a request was clicked.</summary>
    public required double? ClickThroughRate { get; init; }
    /// <summary>Mean over the served requests with dwell of their summed time, in seconds.</summary>
    public required double? MeanDwellSeconds { get; init; }
    /// <summary>Median of the same; of an even number the mean of the middle two.</summary>
    public required double? MedianDwellSeconds { get; init; }
    /// <summary>Served requests with a vote.</summary>
    public required long Voted { get; init; }
    /// <summary>Share of the votes that are thumbs up; of several votes on a request the last counts.</summary>
    public required double? ThumbsUpRate { get; init; }
    /// <summary>Requests with feedback for which no prediction is known; they count nowhere else.</summary>
    public required long Unmatched { get; init; }
}
