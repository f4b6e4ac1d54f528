namespace Workbench.Drift.Streams;

/// <summary>
/// Watches one number after the other, such as the errors of a model, for a change. Keeps little and never the stream.
/// For one thread at a time. <see cref="StreamDetectors"/> makes them; <see cref="StreamWatch"/> counts rows for them.
/// </summary>
public interface IStreamDetector
{
    /// <summary>Its name, such as <c>adwin</c>.</summary>
    string Name { get; }
    /// <summary>All its options by name.</summary>
    IReadOnlyDictionary<string, double> Options { get; }
    /// <summary>What the last value led to; None before the first.</summary>
    DriftState State { get; }

    /// <summary>Takes the next value of the stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or outside of what the detector is made for; nothing was taken.</exception>
    DriftState Update(double value);

    /// <summary>Forgets all values; the options stay.</summary>
    void Reset();

    /// <summary>
    /// All that it remembers, as JSON. <see cref="StreamDetectors.Load(string)"/> makes of it a detector that goes on as this one
    /// would have, to the same bit.
    /// </summary>
    string Save();
}
