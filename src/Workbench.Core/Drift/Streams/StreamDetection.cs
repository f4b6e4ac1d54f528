namespace Workbench.Drift.Streams;

/// <summary>A row at which a detector spoke.</summary>
/// <param name="Index">The value, counted from 0 over all that was watched; rows without a value do not count.</param>
/// <param name="State">Drift, or the first warning since the last drift.</param>
/// <param name="Value">The row's value.</param>
public sealed record StreamDetection(long Index, DriftState State, double Value)
{
    /// <summary>The row of the file it was read from, counted from 1, rows without a value included; null where there was no file.</summary>
    public long? Row { get; init; }
    /// <summary>The row's time as text; null when no time was asked for.</summary>
    public string? Time { get; init; }
}
