namespace Workbench.Evaluation;

/// <summary>The gate's answer with what each rule found.</summary>
public sealed record GateVerdict
{
    /// <summary>Refused when any rule refuses, else inconclusive when any is, else passed.</summary>
    public required GateOutcome Outcome { get; init; }
    /// <summary>The first reason for the outcome.</summary>
    public required GateReason Reason { get; init; }
    /// <summary>All of it in words.</summary>
    public required string Message { get; init; }
    /// <summary>Name of the metric that decided.</summary>
    public required string Metric { get; init; }
    /// <summary>What each rule found, in the order in which they were asked.</summary>
    public required IReadOnlyList<GateFinding> Findings { get; init; }
    /// <summary>Labelled rows; 0 where none were looked at.</summary>
    public int Rows { get; init; }
    /// <summary>The candidate's metric, or null where it was not compared.</summary>
    public double? CandidateValue { get; init; }
    /// <summary>The champion's, on the same rows.</summary>
    public double? ChampionValue { get; init; }
    /// <summary>The paired difference, positive when the candidate is better.</summary>
    public PairedDifference? Difference { get; init; }
}
