using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Distributed;

/// <summary>
/// When each rank computed and when it exchanged what, in the trace event format that Perfetto and chrome://tracing open:
/// one process a rank, one lane for the training and one for the collective work. Not thread-safe.
/// </summary>
internal sealed class StepTimeline(ICollective ranks)
{
    private const int Most = 100_000;   // of one rank, some 20 MB; what follows is counted only
    private const int TrainingLane = 0, CollectiveLane = 1;

    private readonly List<Span> _spans = [];
    // Ranks of several hosts have no common stopwatch; their clocks are as equal as NTP makes them.
    private readonly double _clock = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds - Microseconds(Stopwatch.GetTimestamp());
    private long _leftOut;

    /// <summary>Something of the training's thread that began at a <see cref="Stopwatch.GetTimestamp"/> and has just ended.</summary>
    public void Add(string name, long began, long step) => Add(new(name, TrainingLane, began, Stopwatch.GetTimestamp(), step, null));

    /// <summary>The reduction of a bucket of gradients.</summary>
    public void Add(int bucket, long bytes, CollectiveWork work, long step)
    {
        if (work.Began > 0)
            Add(new(string.Create(CultureInfo.InvariantCulture, $"all-reduce of bucket {bucket}"), CollectiveLane, work.Began, work.Ended, step, bytes));
    }

    /// <summary>Writes the spans of all ranks to one file, on rank 0. Every rank calls it.</summary>
    public void Write(string path)
    {
        var events = new List<string>();
        for (int rank = 0; rank < ranks.Size; rank++)
            events.Add(TensorExchange.Broadcast(rank == ranks.Rank ? string.Join(",\n", Events().Select(value => value.ToJsonString())) : null, ranks, rank));
        if (ranks.Rank == 0)
            Data.AtomicFile.WriteAllText(path, $"{{\"displayTimeUnit\":\"ms\",\"otherData\":{{\"ranks\":{ranks.Size},\"engine\":{JsonValue.Create(ranks.Engine)!.ToJsonString()},\"spansLeftOut\":{_leftOut}}},\"traceEvents\":[\n{string.Join(",\n", events)}\n]}}\n");
    }

    private void Add(Span span)
    {
        if (_spans.Count < Most)
            _spans.Add(span);
        else
            _leftOut++;
    }

    private IEnumerable<JsonObject> Events() =>
    [
        Named("process_name", TrainingLane, $"rank {ranks.Rank}"), Named("thread_name", TrainingLane, "training"), Named("thread_name", CollectiveLane, "collective"),
        .. _spans.Select(span => new JsonObject
        {
            ["name"] = span.Name, ["ph"] = "X", ["pid"] = ranks.Rank, ["tid"] = span.Lane, ["ts"] = Math.Round(_clock + Microseconds(span.Began), 3),
            ["dur"] = Math.Round(Microseconds(span.Ended - span.Began), 3), ["args"] = new JsonObject { ["step"] = span.Step, ["bytes"] = span.Bytes },
        }),
    ];

    private JsonObject Named(string what, int lane, string name) =>
        new() { ["name"] = what, ["ph"] = "M", ["pid"] = ranks.Rank, ["tid"] = lane, ["args"] = new JsonObject { ["name"] = name } };

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private sealed record Span(string Name, int Lane, long Began, long Ended, long Step, long? Bytes);
}
