using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>How a step is retried and how long an attempt may take: the activity's customProperties, else its type's defaults.</summary>
internal sealed record StepSettings(int MaxAttempts, TimeSpan RetryDelay, TimeSpan? Timeout)
{
    public static StepSettings Of(Activity activity, ActivityDescriptor descriptor) => new(
        Attempts(activity) ?? descriptor.MaxAttempts,
        Time(activity, "retryDelay") ?? descriptor.RetryDelay,
        Time(activity, "timeout") ?? descriptor.Timeout);

    /// <summary>What is wrong with the settings of an activity.</summary>
    public static IEnumerable<string> Problems(Activity activity)
    {
        if (Setting(activity, "maxAttempts") is { } attempts && Attempts(activity) is null)
            yield return $"customProperties.maxAttempts is {attempts.ToJsonString()}; allowed are whole numbers from 1 to 100.";
        foreach (var name in new[] { "retryDelay", "timeout" })
            if (Setting(activity, name) is { } time && Time(activity, name) is null)
                yield return $"customProperties.{name} is {time.ToJsonString()}; allowed are times above zero such as \"00:10:00\".";
    }

    private static JsonNode? Setting(Activity activity, string name) => activity.CustomProperties?[name];

    private static int? Attempts(Activity activity) =>
        Setting(activity, "maxAttempts") is JsonValue value && value.TryGetValue<int>(out var attempts) && attempts is >= 1 and <= 100 ? attempts : null;

    private static TimeSpan? Time(Activity activity, string name) =>
        TimeSpan.TryParse(WorkflowJson.Text(Setting(activity, name)), CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero ? time : null;
}
