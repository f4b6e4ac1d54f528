namespace Workbench.Distributed.Tracing;

/// <summary>What one rank spent its time on, over all steps of a training, also those that its timeline leaves out.</summary>
public sealed record TimelineSummary
{
    /// <summary>Kinds that add up to <see cref="Wall"/>, with <see cref="Other"/>.</summary>
    public static IReadOnlyList<TimelineKind> Kinds { get; } =
        [TimelineKind.Data, TimelineKind.Forward, TimelineKind.Backward, TimelineKind.Gradients, TimelineKind.Optimizer, TimelineKind.Wait, TimelineKind.Validation, TimelineKind.Checkpoint];

    /// <summary>The rank.</summary>
    public required int Rank { get; init; }
    /// <summary>Steps that it made.</summary>
    public required long Steps { get; init; }
    /// <summary>Rows of those steps, of all ranks together.</summary>
    public required long Rows { get; init; }
    /// <summary>From the first step's begin to the training's end.</summary>
    public required TimeSpan Wall { get; init; }
    /// <summary>Time by kind; waiting within another kind counts as waiting only.</summary>
    public required IReadOnlyDictionary<TimelineKind, TimeSpan> Times { get; init; }

    /// <summary>What is left: reports, bookkeeping.</summary>
    public TimeSpan Other => TimeSpan.FromTicks(Math.Max(0, Wall.Ticks - Kinds.Sum(kind => Times[kind].Ticks)));

    /// <summary>Part of the whole time, 0 to 1.</summary>
    public double Share(TimeSpan time) => Wall > TimeSpan.Zero ? time / Wall : 0;
}
