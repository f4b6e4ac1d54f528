namespace Workbench.Evaluation;

/// <summary>What one rule of the gate found.</summary>
/// <param name="Outcome">What it says.</param>
/// <param name="Reason">Which rule, and why.</param>
/// <param name="Message">In words, with figures.</param>
public sealed record GateFinding(GateOutcome Outcome, GateReason Reason, string Message);
