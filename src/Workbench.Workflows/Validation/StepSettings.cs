using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>
/// How a step is retried, how long an attempt may take, what it needs (<c>resources</c>, such as <c>{"gpu": 1}</c>) and whether an
/// earlier result may stand in for it (<c>cache</c>): the activity's customProperties, else its type's defaults.
/// </summary>
internal sealed record StepSettings(int MaxAttempts, TimeSpan RetryDelay, TimeSpan? Timeout)
{
    public IReadOnlyDictionary<string, int> Resources { get; init; } = new Dictionary<string, int>();
    public bool IsCached { get; init; }

    public static StepSettings Of(Activity activity, ActivityDescriptor descriptor) => new(
        Attempts(activity) ?? descriptor.MaxAttempts,
        Time(activity, "retryDelay") ?? descriptor.RetryDelay,
        Time(activity, "timeout") ?? descriptor.Timeout)
    {
        Resources = (Setting(activity, "resources") as JsonObject ?? [])
            .Where(pair => ResourceTag.IsValid(pair.Key) && Amount(pair.Value) is not null)
            .ToDictionary(pair => pair.Key, pair => Amount(pair.Value) ?? 0),
        IsCached = Setting(activity, "cache") is JsonValue cache && cache.TryGetValue<bool>(out var isCached) && isCached,
    };

    /// <summary>What is wrong with the settings of an activity.</summary>
    public static IEnumerable<string> Problems(Activity activity)
    {
        if (Setting(activity, "maxAttempts") is { } attempts && Attempts(activity) is null)
            yield return $"customProperties.maxAttempts is {attempts.ToJsonString()}; allowed are whole numbers from 1 to 100.";
        foreach (var name in new[] { "retryDelay", "timeout" })
            if (Setting(activity, name) is { } time && Time(activity, name) is null)
                yield return $"customProperties.{name} is {time.ToJsonString()}; allowed are times above zero such as \"00:10:00\".";
        if (Setting(activity, "resources") is { } resources && resources is not JsonObject)
            yield return $"customProperties.resources is {resources.ToJsonString()}; allowed is an object such as {{\"gpu\": 1}}.";
        foreach (var (tag, amount) in Setting(activity, "resources") as JsonObject ?? [])
            if (!ResourceTag.IsValid(tag) || Amount(amount) is null)
                yield return $"customProperties.resources has '{tag}': {WorkflowJson.Write(amount)}; allowed are names of {ResourceTag.Allowed}, with whole numbers from 1 to 1000.";
        if (Setting(activity, "cache") is { } cache && !(cache is JsonValue truth && truth.TryGetValue<bool>(out _)))
            yield return $"customProperties.cache is {cache.ToJsonString()}; allowed are true and false.";
    }

    private static JsonNode? Setting(Activity activity, string name) => activity.CustomProperties?[name];

    private static int? Attempts(Activity activity) =>
        Setting(activity, "maxAttempts") is JsonValue value && value.TryGetValue<int>(out var attempts) && attempts is >= 1 and <= 100 ? attempts : null;

    private static int? Amount(JsonNode? value) =>
        value is JsonValue number && number.TryGetValue<int>(out var amount) && amount is >= 1 and <= 1000 ? amount : null;

    private static TimeSpan? Time(Activity activity, string name) =>
        TimeSpan.TryParse(WorkflowJson.Text(Setting(activity, name)), CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero ? time : null;
}
