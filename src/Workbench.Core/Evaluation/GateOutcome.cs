using System.Text.Json.Serialization;

namespace Workbench.Evaluation;

/// <summary>What the gate, or one of its rules, says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateOutcome>))]
public enum GateOutcome
{
    /// <summary>The candidate may go on.</summary>
    Passed,
    /// <summary>It may not: it fell short of a rule.</summary>
    Refused,
    /// <summary>It may not yet: there is too little to tell.</summary>
    Inconclusive,
}
