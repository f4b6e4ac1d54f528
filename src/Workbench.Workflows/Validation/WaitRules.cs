using System.Globalization;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using static Workbench.Workflows.Validation.ValidationSubject;

namespace Workbench.Workflows.Validation;

/// <summary>Rules about schedules, times, requests and outputs of the run.</summary>
internal static class WaitRules
{
    public static IEnumerable<Finding> KnowsSchedules(ValidationSubject subject)
    {
        foreach (var activity in subject.Activities.Where(activity => activity.Type == BuiltInActivities.Cron))
        {
            if (Literal(activity, "cronExpression") is { } text && CheckCron(text) is { } problem)
                yield return Error("cron", activity, $"Input 'cronExpression': {problem}");
            if (WorkflowJson.Text(activity.CustomProperties?["timeZone"]) is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
                yield return Error("cron", activity, $"customProperties.timeZone is '{zone}', which this machine does not know. Use an IANA name such as Europe/Berlin, or UTC.");
        }
    }

    /// <summary>A timer of no time would start runs without end.</summary>
    public static IEnumerable<Finding> HasTimesAboveZero(ValidationSubject subject) =>
        from activity in subject.Activities
        let input = activity.Type == BuiltInActivities.Timer ? "interval" : activity.Type == BuiltInActivities.Delay ? "timeSpan" : null
        where input is not null && TimeSpan.TryParse(Literal(activity, input), CultureInfo.InvariantCulture, out var time) && time <= TimeSpan.Zero
        select Error("time", activity, $"Input '{input}' is {Literal(activity, input)}; allowed are times above zero such as 00:10:00.");

    public static IEnumerable<Finding> KnowsListChoices(ValidationSubject subject) =>
        from known in subject.Known
        from input in known.Descriptor.Inputs
        where input.ListChoices.Count > 0 && known.Activity.Input(input.Name)?.Expression is { Type: Expression.Literal or Expression.Object }
        from value in OpenOutcomes.Branches(known.Activity.Input(input.Name)?.Expression.Value)
        where !input.ListChoices.Contains(value, StringComparer.OrdinalIgnoreCase)
        select Error("literal", known.Activity, $"Input '{WorkflowJson.CamelCase(input.Name)}': '{value}' is not allowed. {NearestName.Suggest(value, input.ListChoices)}");

    /// <summary>A policy that nobody asks for would let in whom it should keep out.</summary>
    public static IEnumerable<Finding> HasNoPolicies(ValidationSubject subject) =>
        from activity in subject.Activities
        where activity.Type == BuiltInActivities.HttpEndpoint && activity.Input("policy")?.Expression.Value is { } policy && WorkflowJson.Text(policy) is not ""
        select Error("policy", activity, "Policies are not supported. Leave 'policy' empty and set 'authorize' to let in only those who are known.");

    public static IEnumerable<Finding> SetsDeclaredOutputs(ValidationSubject subject) =>
        from activity in subject.Activities
        where activity.Type == BuiltInActivities.SetOutput
        let name = Literal(activity, "outputName")
        where name is { Length: > 0 } && subject.Definition.Outputs.All(output => output.Name != name)
        select Warning("output", activity,
            $"Sets the output '{name}', which the workflow does not declare. {NearestName.Suggest(name, subject.Definition.Outputs.Select(output => output.Name))}");

    // An empty one is reported by the rule for required inputs.
    private static string? CheckCron(string text) => text.Length == 0 || CronSchedule.TryParse(text, out _, out var problem) ? null : problem;

    private static string? Literal(Activity activity, string input) =>
        activity.Input(input)?.Expression is { Type: Expression.Literal } expression ? WorkflowJson.Text(expression.Value) : null;
}
