using System.Text.Json.Nodes;

namespace Workbench.Workflows.Model;

/// <summary>
/// What a workflow says of its runs in <c>customProperties</c>: <c>priority</c> (higher goes first, 0 unless given),
/// <c>maxConcurrentRuns</c> and <c>maxConcurrentSteps</c> (null for as many as there are).
/// </summary>
internal sealed record RunSettings(int Priority, int? MaxConcurrentRuns, int? MaxConcurrentSteps)
{
    private const int LargestPriority = 1000;

    public static RunSettings Of(WorkflowDefinition definition) => new(
        Whole(Setting(definition, "priority"), -LargestPriority) ?? 0,
        Whole(Setting(definition, "maxConcurrentRuns"), 1),
        Whole(Setting(definition, "maxConcurrentSteps"), 1));

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> Problems(WorkflowDefinition definition)
    {
        if (Setting(definition, "priority") is { } priority && Whole(priority, -LargestPriority) is null)
            yield return $"customProperties.priority is {priority.ToJsonString()}; allowed are whole numbers from -{LargestPriority} to {LargestPriority}.";
        foreach (var name in new[] { "maxConcurrentRuns", "maxConcurrentSteps" })
            if (Setting(definition, name) is { } limit && Whole(limit, 1) is null)
                yield return $"customProperties.{name} is {limit.ToJsonString()}; allowed are whole numbers from 1 to {LargestPriority}.";
    }

    private static JsonNode? Setting(WorkflowDefinition definition, string name) => definition.CustomProperties?[name];

    private static int? Whole(JsonNode? value, int smallest) =>
        value is JsonValue number && number.TryGetValue<int>(out var whole) && whole >= smallest && whole <= LargestPriority ? whole : null;
}
