using Workbench.Evaluation;

namespace Workbench.Host.Activities;

/// <summary>The gate's answer with its figures, as a step's outputs and the approval page have it. Accuracies are shares from 0 to 1, null where another metric decided.</summary>
internal sealed record GateDecision(
    bool Passed, GateReason Reason, string Message, int Candidate, int? Champion = null,
    double? CandidateAccuracy = null, double? ChampionAccuracy = null, PairedDifference? Difference = null, int Rows = 0)
{
    /// <summary>Passed, refused, or refused for want of rows.</summary>
    public GateOutcome Outcome { get; init; }
    /// <summary>Name of the metric that decided.</summary>
    public string Metric { get; init; } = "accuracy";
    /// <summary>The candidate's metric, or null where it was not compared.</summary>
    public double? CandidateValue { get; init; }
    /// <summary>The champion's.</summary>
    public double? ChampionValue { get; init; }
    /// <summary>What each rule found.</summary>
    public IReadOnlyList<GateFinding> Findings { get; init; } = [];

    public static GateDecision First(int candidate) =>
        new(true, GateReason.NoChampion, $"v{candidate} passes: there is no champion yet.", candidate)
        { Findings = [new(GateOutcome.Passed, GateReason.NoChampion, "there is no champion yet")] };

    public static GateDecision Of(GateVerdict verdict, int candidate, int? champion)
    {
        bool isAccuracy = verdict.Metric == "accuracy";
        return new(
            verdict.Outcome == GateOutcome.Passed, verdict.Reason, verdict.Message, candidate, champion,
            isAccuracy ? verdict.CandidateValue : null, isAccuracy ? verdict.ChampionValue : null, verdict.Difference, verdict.Rows)
        {
            Outcome = verdict.Outcome, Metric = verdict.Metric, CandidateValue = verdict.CandidateValue, ChampionValue = verdict.ChampionValue, Findings = verdict.Findings,
        };
    }
}
