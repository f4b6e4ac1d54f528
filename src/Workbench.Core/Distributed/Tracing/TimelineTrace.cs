using System.Text.Json;
using Workbench.Data;

namespace Workbench.Distributed.Tracing;

/// <summary>A timeline that a training wrote, read back.</summary>
public sealed record TimelineTrace
{
    /// <summary>Ranks that trained.</summary>
    public required int Ranks { get; init; }
    /// <summary>Those of them whose spans are there, the first ones.</summary>
    public required int RanksShown { get; init; }
    /// <summary>What they exchanged gradients with, such as <c>Open MPI 4.1.4</c>.</summary>
    public required string Engine { get; init; }
    /// <summary>When the first rank began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>First and last of the steps between that are left out; null when all are there.</summary>
    public required (long From, long To)? StepsLeftOut { get; init; }
    /// <summary>What each rank spent its time on.</summary>
    public required IReadOnlyList<TimelineSummary> Summaries { get; init; }
    /// <summary>The spans, rank by rank in the order of their begin.</summary>
    public required IReadOnlyList<TimelineSpan> Spans { get; init; }

    /// <summary>Reads a file of <see cref="TimelineOptions"/>.</summary>
    /// <param name="json">Its content.</param>
    /// <exception cref="DataException">It is no timeline of a training.</exception>
    public static TimelineTrace Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DataException($"This is no timeline that a training wrote: {failure.Message} Write one with 'workbench train --timeline FILE'.", failure);
        }
    }

    private static TimelineTrace Read(JsonElement root)
    {
        var other = root.GetProperty("otherData");
        var left = other.GetProperty("stepsLeftOut");
        return new()
        {
            Ranks = other.GetProperty("ranks").GetInt32(), RanksShown = other.GetProperty("ranksShown").GetInt32(), Engine = other.GetProperty("engine").GetString() ?? "",
            StartedAt = other.GetProperty("startedAt").GetDateTimeOffset(),
            StepsLeftOut = left.ValueKind == JsonValueKind.Null ? null : (left.GetProperty("from").GetInt64(), left.GetProperty("to").GetInt64()),
            Summaries = [.. other.GetProperty("summary").EnumerateArray().Select(Summary)],
            Spans = [.. root.GetProperty("traceEvents").EnumerateArray().Where(item => item.GetProperty("ph").ValueEquals("X")).Select(Span)],
        };
    }

    private static TimelineSummary Summary(JsonElement one)
    {
        var seconds = one.GetProperty("seconds");
        return new()
        {
            Rank = one.GetProperty("rank").GetInt32(), Steps = one.GetProperty("steps").GetInt64(), Rows = one.GetProperty("rows").GetInt64(), Wall = Time(one.GetProperty("wall").GetDouble()),
            Times = TimelineSummary.Kinds.ToDictionary(kind => kind, kind => Time(seconds.GetProperty(TimelineWriter.Category(kind)).GetDouble())),
        };
    }

    private static TimelineSpan Span(JsonElement item)
    {
        var arguments = item.GetProperty("args");
        return new(
            item.GetProperty("pid").GetInt32(), item.GetProperty("name").GetString() ?? "", Kind(item.GetProperty("cat").GetString()),
            TimeSpan.FromMicroseconds(item.GetProperty("ts").GetDouble()), TimeSpan.FromMicroseconds(item.GetProperty("dur").GetDouble()), arguments.GetProperty("step").GetInt64(),
            arguments.TryGetProperty("rows", out var rows) ? rows.GetInt64() : null, arguments.TryGetProperty("bytes", out var bytes) ? bytes.GetInt64() : null);
    }

    private static TimelineKind Kind(string? category) =>
        Enum.TryParse<TimelineKind>(category, ignoreCase: true, out var kind) ? kind : throw new FormatException($"The category '{category}' is unknown; known: {string.Join(", ", Enum.GetValues<TimelineKind>().Select(TimelineWriter.Category))}.");

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(seconds);
}
