using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>The activities that the engine runs itself, within the transaction that schedules them.</summary>
internal static class InlineActivities
{
    private static readonly InlineResult Done = new("Done");

    public static bool Handles(ActivityDescriptor descriptor) =>
        descriptor.Kind == ActivityKind.Trigger || descriptor.IsApproval || descriptor.IsPolled || BuiltInActivities.Contains(descriptor.TypeName);

    /// <summary>Runs the activity and returns its outcomes.</summary>
    /// <exception cref="WorkflowException">A value is missing or has the wrong type, or the activity is Elsa.Fault.</exception>
    public static InlineResult Run(Activity activity, JsonObject inputs, ExpressionScope scope) => activity.Type switch
    {
        BuiltInActivities.Decision => new(IsTrue(inputs["condition"]) ? "True" : "False"),
        BuiltInActivities.Fork => new(Branches(inputs["branches"])),
        BuiltInActivities.Switch => new(Matches(activity, inputs, scope)),
        BuiltInActivities.SetVariable => Do(() => scope.SetVariable(Expression.ReferenceName(activity.Properties["variable"]), inputs["value"])),
        BuiltInActivities.SetOutput => Do(() => scope.SetOutput(Text(inputs["outputName"]) ?? "", inputs["outputValue"])),
        BuiltInActivities.SetName => Do(() => scope.RunName = Text(inputs["value"])),
        BuiltInActivities.Correlate => Do(() => scope.CorrelationId = Text(inputs["correlationId"])),
        BuiltInActivities.WriteLine => Done with { Message = Text(inputs["text"]) ?? "" },
        BuiltInActivities.Fault => throw new WorkflowException(FaultMessage(inputs)),
        BuiltInActivities.End or BuiltInActivities.Finish or BuiltInActivities.Complete => new(),
        _ => Done,
    };

    public static bool IsTrue(JsonNode? value) => value is JsonValue truth && truth.TryGetValue<bool>(out var isTrue) && isTrue;

    private static InlineResult Do(Action effect)
    {
        effect();
        return Done;
    }

    private static string? Text(JsonNode? value) => WorkflowJson.Text(value);

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
        return Text(inputs["mode"]) == "MatchAny" ? matches : [matches[0]];
    }

    /// <summary>Elsa's values for what is not given: code 0, category General, type System.</summary>
    private static string FaultMessage(JsonObject inputs) =>
        $"{Text(inputs["message"]) ?? "The workflow says so."} (code {Text(inputs["code"]) ?? "0"}, category {Text(inputs["category"]) ?? "General"}, type {Text(inputs["faultType"]) ?? "System"})";
}
