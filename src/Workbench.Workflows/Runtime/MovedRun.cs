namespace Workbench.Workflows.Runtime;

/// <summary>What became of the wish to move a run to another version.</summary>
/// <param name="RunId">Id of the run.</param>
/// <param name="FromVersion">Version that it was pinned to.</param>
/// <param name="ToVersion">Version that it was to be pinned to.</param>
/// <param name="Refusal">Why it stays where it was, with the names of what does not fit; null when it was moved.</param>
public sealed record MovedRun(string RunId, int FromVersion, int ToVersion, string? Refusal)
{
    /// <summary>Whether the run is pinned to the new version now.</summary>
    public bool IsMoved => Refusal is null;
}
