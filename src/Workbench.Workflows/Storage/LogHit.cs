namespace Workbench.Workflows.Storage;

/// <summary>A line of a step's output that holds what was searched for; <see cref="Offset"/> is where it begins.</summary>
public sealed record LogHit(
    string RunId, string DefinitionId, string StepId, string ActivityName, int Attempt, long Offset, string Line, DateTimeOffset Timestamp);
