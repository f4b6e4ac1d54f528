using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Distributed.Tracing;

/// <summary>Timelines in the trace event format: <c>X</c> events with begin and duration in microseconds, <c>M</c> events that name ranks and lanes.</summary>
internal static class TimelineWriter
{
    /// <summary>Events of one rank with commas between, in the order of their begin, those around others first.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="spans">What it did.</param>
    /// <param name="created">Its stopwatch when it began.</param>
    /// <param name="offset">How long after the first rank that was, in microseconds.</param>
    public static string Events(int rank, IReadOnlyList<RecordedSpan> spans, long created, double offset)
    {
        var text = new StringBuilder(spans.Count * 110 + 400);
        Name(text, "process_name", rank, 0, $"rank {rank}");
        Name(text.Append(",\n"), "thread_name", rank, 0, "training");
        Name(text.Append(",\n"), "thread_name", rank, 1, "collective");
        foreach (var span in spans.OrderBy(span => span.Began).ThenByDescending(span => span.Ended))
        {
            text.Append(CultureInfo.InvariantCulture,
                $",\n{{\"name\":\"{JsonEncodedText.Encode(span.Name)}\",\"cat\":\"{Category(span.Kind)}\",\"ph\":\"X\",\"ts\":{offset + Microseconds(span.Began - created):0.###},\"dur\":{Microseconds(span.Ended - span.Began):0.###}");
            text.Append(CultureInfo.InvariantCulture, $",\"pid\":{rank},\"tid\":{(span.Kind == TimelineKind.Collective ? 1 : 0)},\"args\":{{\"step\":{span.Step}");
            if (span.Kind is TimelineKind.Step or TimelineKind.Collective)
                text.Append(CultureInfo.InvariantCulture, $",\"{(span.Kind == TimelineKind.Step ? "rows" : "bytes")}\":{span.Amount}");
            text.Append("}}");
        }
        return text.ToString();
    }

    /// <summary>The whole file.</summary>
    public static string File(
        IReadOnlyList<string> events, ICollective ranks, DateTimeOffset begunAt, int shown, (long From, long To)? leftOut, long spansLeftOut, IReadOnlyList<TimelineSummary> summaries)
    {
        var other = new JsonObject
        {
            ["ranks"] = ranks.Size, ["ranksShown"] = shown, ["engine"] = ranks.Engine, ["startedAt"] = begunAt.ToString("O", CultureInfo.InvariantCulture),
            ["stepsLeftOut"] = leftOut is { } left ? new JsonObject { ["from"] = left.From, ["to"] = left.To, ["spansOfRank0"] = spansLeftOut } : null,
            ["summary"] = new JsonArray([.. summaries.Select(Summary)]),
        };
        return $"{{\"displayTimeUnit\":\"ms\",\"otherData\":{other.ToJsonString()},\"traceEvents\":[\n{string.Join(",\n", events)}\n]}}\n";
    }

    /// <summary>How a file names a kind.</summary>
    public static string Category(TimelineKind kind) => kind.ToString().ToLowerInvariant();

    private static JsonObject Summary(TimelineSummary one) => new()
    {
        ["rank"] = one.Rank, ["steps"] = one.Steps, ["rows"] = one.Rows, ["wall"] = Math.Round(one.Wall.TotalSeconds, 6),
        ["seconds"] = new JsonObject(one.Times.Select(time => KeyValuePair.Create(Category(time.Key), (JsonNode?)Math.Round(time.Value.TotalSeconds, 6)))),
    };

    private static void Name(StringBuilder text, string what, int rank, int lane, string name) =>
        text.Append(CultureInfo.InvariantCulture, $"{{\"name\":\"{what}\",\"ph\":\"M\",\"ts\":0,\"pid\":{rank},\"tid\":{lane},\"args\":{{\"name\":\"{name}\"}}}}");

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
