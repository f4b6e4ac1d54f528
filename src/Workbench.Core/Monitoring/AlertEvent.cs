namespace Workbench.Monitoring;

/// <summary>
/// An alert changed its state. Firing and resolved events are sent to the channels, each at least once: a receiver that
/// must act once remembers <see cref="Id"/>.
/// </summary>
public sealed record AlertEvent
{
    /// <summary>Unique id.</summary>
    public required string Id { get; init; }
    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>The version it is about, or null.</summary>
    public required int? Version { get; init; }
    /// <summary>The state it changed to.</summary>
    public required AlertState State { get; init; }
    /// <summary>Name of the metric.</summary>
    public required string Metric { get; init; }
    /// <summary>Value of the metric, or null when the version gave way to another.</summary>
    public required double? Value { get; init; }
    /// <summary>The rule's threshold.</summary>
    public required double Threshold { get; init; }
    /// <summary>Whether values below the threshold are bad, otherwise values above it.</summary>
    public required bool FiresBelow { get; init; }
    /// <summary>Labelled rows behind the value.</summary>
    public required long Rows { get; init; }
    /// <summary>Business time of the change.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>When it fired, for a firing or resolved event; when the threshold was crossed, for a pending one; else null.</summary>
    public required DateTimeOffset? StartsAt { get; init; }
    /// <summary>The rule's actions.</summary>
    public required IReadOnlyList<string> Actions { get; init; }
    /// <summary>Why it changed when the value does not tell, or an empty string.</summary>
    public required string Note { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Summary =>
        (Value is null ? $"{Rule}: {State.ToString().ToLowerInvariant()}." : FormattableString.Invariant($"{Rule}: {Metric} of {Model} version {Version} is {Value:0.####} on {Rows} rows, threshold {(FiresBelow ? "below" : "above")} {Threshold:0.####}: {State.ToString().ToLowerInvariant()}."))
        + (Note.Length == 0 ? "" : $" {Note}");
}
