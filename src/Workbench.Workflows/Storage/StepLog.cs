namespace Workbench.Workflows.Storage;

/// <summary>A piece of the output of one attempt. Offsets count characters from the attempt's first.</summary>
public sealed record StepLog
{
    /// <summary>One-based attempt that wrote it; 0 before the first.</summary>
    public required int Attempt { get; init; }
    /// <summary>Offset of the first character of <see cref="Text"/>: above the one that was asked for when what lay between was too long to keep.</summary>
    public required long Offset { get; init; }
    /// <summary>Whole lines; empty when there are none yet.</summary>
    public required string Text { get; init; }
    /// <summary>Where to read on.</summary>
    public required long NextOffset { get; init; }
    /// <summary>Whether nothing will follow: the attempt has ended and this is its end.</summary>
    public required bool IsComplete { get; init; }
}
