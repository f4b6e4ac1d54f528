using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Pages;

/// <summary>How pages write times, durations, figures, states and values.</summary>
internal static class PageText
{
    private const int LongestValue = 20_000;
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A moment to the second, with its zone.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A moment in the zone that a schedule names.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) =>
        $"{TimeZoneInfo.ConvertTime(at, zone).ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {zone.Id}";

    /// <summary>How far a moment lies from now, such as "3 min ago" or "in 2 h".</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var distance = now - at;
        return distance.Duration() < TimeSpan.FromSeconds(1) ? "now" : distance < TimeSpan.Zero ? $"in {Duration(-distance)}" : $"{Duration(distance)} ago";
    }

    /// <summary>A length of time with its units, such as 850 ms, 12.3 s, 4 min 5 s, 3 h 2 min, 2 d 5 h.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => Invariant($"{Math.Max(time.TotalMilliseconds, 0):F0} ms"),
        { TotalSeconds: < 60 } => Invariant($"{Math.Floor(time.TotalSeconds * 10) / 10:0.#} s"),
        { TotalMinutes: < 60 } => Invariant($"{time.Minutes} min {time.Seconds} s"),
        { TotalHours: < 24 } => Invariant($"{time.Hours} h {time.Minutes} min"),
        _ => Invariant($"{time.Days} d {time.Hours} h"),
    };

    /// <summary>A short time with three digits and its unit, such as 12.3 ms.</summary>
    public static string Brief(TimeSpan time) => time switch
    {
        { TotalSeconds: >= 60 } => Duration(time),
        { TotalSeconds: >= 1 } => Invariant($"{time.TotalSeconds:G3} s"),
        { TotalMilliseconds: >= 1 } => Invariant($"{time.TotalMilliseconds:G3} ms"),
        _ => Invariant($"{time.TotalMicroseconds:0} µs"),
    };

    /// <summary>A figure to four places; nothing for none.</summary>
    public static string Figure(double? value) => value switch
    {
        null => "",
        { } number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => number.ToString("F0", CultureInfo.InvariantCulture),
        { } number => number.ToString("F4", CultureInfo.InvariantCulture),
    };

    /// <summary>The same, with its sign.</summary>
    public static string Difference(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);

    /// <summary>A value as indented JSON, cut where it is too long to read; nothing for none.</summary>
    public static string Json(JsonNode? value)
    {
        var text = value?.ToJsonString(Readable) ?? "";
        return text.Length <= LongestValue ? text : $"{text[..LongestValue]}\n... {text.Length - LongestValue} more characters";
    }

    /// <summary>The class of a state's colour: good, bad, wait, go, or none.</summary>
    public static string Tone(string state) => state switch
    {
        "Completed" or "Finished" or "Resolved" or "Approved" or "Passed" or "Published" or "Added" or "Better" or "Active" => "good",
        "Faulted" or "Failed" or "Killed" or "Firing" or "Cancelled" or "Canceled" or "Rejected" or "Refused" or "TimedOut" or "Removed" or "Error" => "bad",
        "Suspended" or "Waiting" or "Draft" or "Changed" or "Warning" or "Retrying" or "Interrupted" or "Paused" => "wait",
        "Running" or "Executing" or "Go" => "go",
        _ => "calm",
    };

    /// <summary>How a run is doing in one word.</summary>
    public static string StateOf(WorkflowRun run) => run.SubStatus.ToString();

    /// <summary>How long something took, or has taken so far.</summary>
    public static string Took(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now) => from is { } start ? Duration((to ?? now) - start) : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
