using System.Globalization;
using Workbench.Data;
using Workbench.Distributed.Tracing;

namespace Workbench.Distributed.Scaling;

/// <summary>How fast a training is on one number of ranks.</summary>
public sealed record ScalingPoint
{
    /// <summary>Parts that the measured steps are cut into, of which the median counts.</summary>
    public const int Parts = 5;

    /// <summary>Kinds of time within a step.</summary>
    public static IReadOnlyList<TimelineKind> Kinds { get; } =
        [TimelineKind.Data, TimelineKind.Forward, TimelineKind.Backward, TimelineKind.Optimizer, TimelineKind.Gradients, TimelineKind.Wait];

    /// <summary>Number of ranks.</summary>
    public required int Ranks { get; init; }
    /// <summary>Rows of a step, of all ranks together: the most there were.</summary>
    public required long Batch { get; init; }
    /// <summary>Steps measured.</summary>
    public required int Steps { get; init; }
    /// <summary>Rows that all ranks together train on a second: the median part.</summary>
    public required double SamplesPerSecond { get; init; }
    /// <summary>The slowest part.</summary>
    public required double Lowest { get; init; }
    /// <summary>The fastest part.</summary>
    public required double Highest { get; init; }
    /// <summary>The median step of rank 0, without validation and checkpoints.</summary>
    public required TimeSpan StepTime { get; init; }
    /// <summary>What a step's time goes to: the mean over steps and ranks, with <see cref="Other"/>. Waiting within another kind counts as waiting only.</summary>
    public required IReadOnlyDictionary<TimelineKind, TimeSpan> Times { get; init; }
    /// <summary>The rest of the mean step.</summary>
    public required TimeSpan Other { get; init; }

    /// <summary>Time of the mean step that a rank waits for others, or for bytes: what communication costs where nothing hides it.</summary>
    public TimeSpan Waiting => Times[TimelineKind.Wait];

    /// <summary>The same as a share of the mean step, 0 to 1.</summary>
    public double WaitingShare => Waiting / MeanStep;

    /// <summary>The mean step.</summary>
    public TimeSpan MeanStep => TimeSpan.FromTicks(Times.Values.Sum(time => time.Ticks)) + Other;

    /// <summary>Measures a timeline.</summary>
    /// <param name="trace">Of a training with at least <paramref name="warmup"/> + <see cref="Parts"/> steps, none left out.</param>
    /// <param name="warmup">First steps that do not count, 0 or more.</param>
    /// <exception cref="DataException">It has fewer steps.</exception>
    public static ScalingPoint Of(TimelineTrace trace, int warmup)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var steps = trace.Spans.Where(span => span is { Rank: 0, Kind: TimelineKind.Step }).Skip(warmup).ToList();
        if (trace.StepsLeftOut is not null || steps.Count < Parts)
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"The timeline of {trace.Ranks} ranks has {steps.Count} steps after {warmup} of warm-up; at least {Parts} are needed, none left out. Measure more steps, or fewer at a time."));
        var rates = steps.Chunk((steps.Count + Parts - 1) / Parts).Select(part => part.Sum(step => step.Rows ?? 0) / part.Sum(step => step.Duration.TotalSeconds)).Order().ToList();
        var counted = steps.Select(step => step.Step).ToHashSet();
        var ranks = trace.Spans.GroupBy(span => span.Rank).Select(rank => TimesOf([.. rank], counted)).ToList();
        TimeSpan Mean(Func<StepTimes, TimeSpan> time) => TimeSpan.FromTicks((long)(ranks.Average(rank => time(rank).Ticks) / steps.Count));
        return new()
        {
            Ranks = trace.Ranks, Batch = steps.Max(step => step.Rows ?? 0), Steps = steps.Count, SamplesPerSecond = Median(rates), Lowest = rates[0], Highest = rates[^1],
            StepTime = TimeSpan.FromSeconds(Median([.. steps.Select(step => step.Duration.TotalSeconds).Order()])),
            Times = Kinds.ToDictionary(kind => kind, kind => Mean(rank => rank.Times[kind])), Other = Mean(rank => rank.Other),
        };
    }

    // Of one rank, over all counted steps. Waits lie within other spans, which do not count that time.
    private static StepTimes TimesOf(IReadOnlyList<TimelineSpan> spans, HashSet<long> counted)
    {
        var steps = spans.Where(span => span.Kind == TimelineKind.Step && counted.Contains(span.Step)).ToDictionary(span => span.Step);
        var times = Kinds.ToDictionary(kind => kind, _ => TimeSpan.Zero);
        TimelineSpan? around = null;
        foreach (var span in spans.Where(span => times.ContainsKey(span.Kind) && steps.TryGetValue(span.Step, out var step) && Lies(span, step)))
        {
            times[span.Kind] += span.Duration;
            if (span.Kind != TimelineKind.Wait)
                around = span;
            else if (around is { } outer && Lies(span, outer))
                times[outer.Kind] -= span.Duration;
        }
        var all = TimeSpan.FromTicks(steps.Values.Sum(step => step.Duration.Ticks) - times.Values.Sum(time => time.Ticks));
        return new(times, all > TimeSpan.Zero ? all : TimeSpan.Zero);
    }

    // Times of a file are rounded.
    private static bool Lies(in TimelineSpan inner, in TimelineSpan outer) => inner.Start >= outer.Start - Rounding && inner.End <= outer.End + Rounding;

    private static TimeSpan Rounding => TimeSpan.FromMicroseconds(1);

    private static double Median(IReadOnlyList<double> sorted) => (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;

    private sealed record StepTimes(IReadOnlyDictionary<TimelineKind, TimeSpan> Times, TimeSpan Other);
}
