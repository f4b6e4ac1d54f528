using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>The activities that the engine runs itself, within the transaction that schedules them.</summary>
internal static class InlineActivities
{
    public static bool Handles(ActivityDescriptor descriptor) =>
        descriptor.Kind == ActivityKind.Trigger || BuiltInActivities.Contains(descriptor.TypeName);

    /// <summary>Runs the activity and returns its outcomes.</summary>
    /// <exception cref="WorkflowException">A value is missing or has the wrong type.</exception>
    public static IReadOnlyList<string> Run(Activity activity, JsonObject inputs, ExpressionScope scope) => activity.Type switch
    {
        BuiltInActivities.Decision => [IsTrue(inputs["condition"]) ? "True" : "False"],
        BuiltInActivities.Fork => Branches(inputs["branches"]),
        BuiltInActivities.Switch => Matches(activity, inputs, scope),
        BuiltInActivities.SetVariable => SetVariable(activity, inputs, scope),
        BuiltInActivities.End => [],
        _ => ["Done"],
    };

    private static bool IsTrue(JsonNode? value) => value is JsonValue truth && truth.TryGetValue<bool>(out var isTrue) && isTrue;

    private static IReadOnlyList<string> Branches(JsonNode? value) => OpenOutcomes.Branches(value) is { Count: > 0 } branches
        ? branches
        : throw new WorkflowException($"The fork's branches are {WorkflowJson.Write(value)}. Write a JSON list of names.");

    private static IReadOnlyList<string> Matches(Activity activity, JsonObject inputs, ExpressionScope scope)
    {
        var matches = OpenOutcomes.Cases(activity)
            .Where(@case => IsTrue(ExpressionEvaluator.Evaluate(@case.Condition, "Boolean", scope)))
            .Select(@case => @case.Label).ToList();
        if (matches.Count == 0)
            return ["Default"];
        return WorkflowJson.Text(inputs["mode"]) == "MatchAny" ? matches : [matches[0]];
    }

    private static IReadOnlyList<string> SetVariable(Activity activity, JsonObject inputs, ExpressionScope scope)
    {
        scope.SetVariable(Expression.ReferenceName(activity.Properties["variable"]), inputs["value"]);
        return ["Done"];
    }
}
