using System.Globalization;
using System.Text.Json.Serialization;
using Workbench.Evaluation;

namespace Workbench.Host.Activities;

/// <summary>Why the gate said what it said.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateReason>))]
internal enum GateReason
{
    /// <summary>There is no champion to compare with: the first version passes.</summary>
    NoChampion,
    /// <summary>The interval of the difference lies above the required improvement.</summary>
    Better,
    /// <summary>The candidate is the champion, or has its weights to the byte: comparing a model with itself proves nothing.</summary>
    IdenticalModel,
    /// <summary>Too few labelled rows to tell a difference.</summary>
    TooFewRows,
    /// <summary>The interval of the difference reaches down to the required improvement or below.</summary>
    NotBetter,
}

/// <summary>The gate's answer with its figures. Accuracies are shares from 0 to 1.</summary>
internal sealed record GateDecision(
    bool Passed, GateReason Reason, string Message, int Candidate, int? Champion = null,
    double? CandidateAccuracy = null, double? ChampionAccuracy = null, PairedDifference? Difference = null, int Rows = 0)
{
    public static GateDecision First(int candidate) =>
        new(true, GateReason.NoChampion, $"v{candidate} passes: there is no champion yet.", candidate);

    public static GateDecision Identical(int candidate, int champion) =>
        new(false, GateReason.IdenticalModel, $"v{candidate} is refused: its weights are those of champion v{champion}.", candidate, champion);

    public static GateDecision TooFew(int candidate, int champion, int rows, int minimum) =>
        new(false, GateReason.TooFewRows, $"v{candidate} is refused: {rows} labelled rows are too few to compare with champion v{champion}; at least {minimum} are needed.",
            candidate, champion, Rows: rows);

    /// <summary>Passes when the whole 95 % interval of the paired difference lies above <paramref name="minimumImprovement"/>.</summary>
    public static GateDecision Compare(int candidate, int champion, double candidateAccuracy, double championAccuracy, PairedDifference difference, double minimumImprovement)
    {
        bool passed = difference.Lower > minimumImprovement;
        var message = string.Create(CultureInfo.InvariantCulture,
            $"v{candidate} {(passed ? "passes" : "is refused")}: accuracy {candidateAccuracy:F4} against {championAccuracy:F4} of champion v{champion} on the same {difference.Rows} rows, " +
            $"difference {difference.Difference:+0.0000;-0.0000;0.0000} [{difference.Lower:+0.0000;-0.0000;0.0000}, {difference.Upper:+0.0000;-0.0000;0.0000}]; " +
            $"needed: the whole interval above {minimumImprovement:F4}.");
        return new(passed, passed ? GateReason.Better : GateReason.NotBetter, message, candidate, champion, candidateAccuracy, championAccuracy, difference, difference.Rows);
    }
}
