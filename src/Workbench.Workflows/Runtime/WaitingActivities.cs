using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>The activities that wait for something outside their run.</summary>
internal static class WaitingActivities
{
    private static readonly long LastMoment = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>What the activity waits for when its turn comes at <paramref name="now"/>; null when it need not wait.</summary>
    /// <exception cref="WorkflowException">A value is missing or is none that can be waited for.</exception>
    public static Wait? Plan(Activity activity, ActivityDescriptor descriptor, JsonObject inputs, long now) => activity.Type switch
    {
        BuiltInActivities.Delay => Until(now, now + Milliseconds(inputs["timeSpan"])),
        BuiltInActivities.Timer => Until(now, now + Milliseconds(inputs["interval"])),
        BuiltInActivities.StartAt => Until(now, Moment(inputs["dateTime"])),
        BuiltInActivities.Cron => new(BookmarkKind.Time, DueAt: NextMoment(activity, Text(inputs["cronExpression"]), now)),
        BuiltInActivities.Event => new(BookmarkKind.Event, Text(inputs["eventName"])),
        BuiltInActivities.HttpEndpoint => new(BookmarkKind.Http, RoutePattern.Normalize(Text(inputs["path"])),
            Payload: new() { ["methods"] = inputs["supportedMethods"]?.DeepClone(), ["authorize"] = inputs["authorize"]?.DeepClone() }),
        BuiltInActivities.PublishEvent => new(BookmarkKind.Publish, Text(inputs["eventName"]), now, inputs),
        BuiltInActivities.DispatchWorkflow or BuiltInActivities.ExecuteWorkflow or BuiltInActivities.RunWorkflow =>
            new(BookmarkKind.Workflow, DueAt: now, Payload: inputs),
        _ when descriptor.IsApproval => new(BookmarkKind.Approval, DueAt: Deadline(inputs["deadline"], now), Payload: inputs),
        _ when descriptor.IsPolled => new(BookmarkKind.Check, DueAt: now, Payload: new()
        {
            ["inputs"] = inputs.DeepClone(), ["deadline"] = Deadline(inputs[PolledActivity.Deadline], now),
        }),
        _ => null,
    };

    /// <summary>The moment that a time from now makes, in milliseconds; null for no time.</summary>
    public static long? Deadline(JsonNode? timeSpan, long now) => timeSpan is null ? null : Checked(now + Milliseconds(timeSpan));

    private static Wait? Until(long now, long moment) => moment <= now ? null : new(BookmarkKind.Time, DueAt: Checked(moment));

    private static long Checked(long moment) => moment <= LastMoment ? moment
        : throw new WorkflowException("The step would wait beyond the year 9999. Give it a shorter time.");

    private static long Milliseconds(JsonNode? value) =>
        (long)TimeSpan.Parse(Text(value), CultureInfo.InvariantCulture).TotalMilliseconds;

    private static long Moment(JsonNode? value) =>
        DateTimeOffset.Parse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    private static long NextMoment(Activity activity, string expression, long now) =>
        CronSchedule.Parse(expression).Next(Clock.ToTime(now), Zone(activity))?.ToUnixTimeMilliseconds()
        ?? throw new WorkflowException($"The cron expression '{expression}' has no moment any more. Change it.");

    private static TimeZoneInfo Zone(Activity activity)
    {
        var name = WorkflowJson.Text(activity.CustomProperties?["timeZone"]) ?? "UTC";
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
            : throw new WorkflowException($"customProperties.timeZone is '{name}', which this machine does not know. Use an IANA name such as Europe/Berlin, or UTC.");
    }

    // The inputs were converted to their types, so that a value that is there can be read.
    private static string Text(JsonNode? value) => WorkflowJson.Text(value) is { Length: > 0 } text ? text
        : throw new WorkflowException("What the step is to wait for is empty. Give it a value.");
}
