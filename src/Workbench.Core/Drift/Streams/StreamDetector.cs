using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Drift.Streams;

/// <summary>What all detectors share: options, state, and a memory that is written as JSON and read back.</summary>
internal abstract class StreamDetector<TMemory>(StreamSettings settings) : IStreamDetector, IRestorable where TMemory : class, new()
{
    public string Name => settings.Detector;

    public IReadOnlyDictionary<string, double> Options => settings.Values;

    public DriftState State { get; private set; }

    /// <summary>All that is remembered of the stream.</summary>
    protected TMemory Memory { get; set; } = new();

    /// <summary>What a value may be; the default is any finite number.</summary>
    protected virtual (double Least, double Most, string Meaning) Range => (double.MinValue, double.MaxValue, "a finite number");

    public DriftState Update(double value)
    {
        var (least, most, meaning) = Range;
        if (!(value >= least && value <= most) || !Takes(value))
            throw new ArgumentOutOfRangeException(
                nameof(value), value.ToString("R", CultureInfo.InvariantCulture), $"'{Name}' watches a stream of values that are each {meaning}. Leave out rows without a value, or take another detector.");
        if (State == DriftState.Drift)
            Forget();
        return State = Observe(value);
    }

    public void Reset()
    {
        Memory = new();
        State = DriftState.None;
    }

    public string Save() => new JsonObject
    {
        ["detector"] = Name,
        ["options"] = JsonSerializer.SerializeToNode(Options),
        ["state"] = JsonSerializer.SerializeToNode(State),
        ["memory"] = JsonSerializer.SerializeToNode(Memory),
    }.ToJsonString();

    public void Restore(DriftState state, JsonNode memory)
    {
        var read = memory.Deserialize<TMemory>();
        if (read is null || !IsSound(read))
            throw new JsonException($"The memory of '{Name}' does not fit its options.");
        (State, Memory) = (state, read);
    }

    /// <summary>The next value of the stream.</summary>
    protected abstract DriftState Observe(double value);

    /// <summary>What is done with the memory on the first value after a drift.</summary>
    protected virtual void Forget() => Memory = new();

    /// <summary>Whether a value within the range is allowed.</summary>
    protected virtual bool Takes(double value) => true;

    /// <summary>Whether a memory that was read can be gone on with.</summary>
    protected virtual bool IsSound(TMemory memory) => true;
}
