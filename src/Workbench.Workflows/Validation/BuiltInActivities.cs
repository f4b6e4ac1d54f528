using System.Text.Json.Nodes;

namespace Workbench.Workflows.Validation;

/// <summary>The activity types that the engine itself runs.</summary>
internal static class BuiltInActivities
{
    public const string Start = "Elsa.Start";
    public const string End = "Elsa.End";
    public const string Decision = "Elsa.FlowDecision";
    public const string Switch = "Elsa.FlowSwitch";
    public const string Fork = "Elsa.FlowFork";
    public const string Join = "Elsa.FlowJoin";
    public const string SetVariable = "Elsa.SetVariable";

    public static IReadOnlyList<ActivityDescriptor> Descriptors { get; } =
    [
        Flow(Start, "Marks where a run begins."),
        Flow(End, "Ends the run at once; running activities are cancelled.") with { Outcomes = [], IsTerminal = true },
        Flow(Decision, "Goes on with True or False; a missing condition is False.") with
        {
            Inputs = [new("Condition", "Boolean")],
            Outcomes = ["True", "False"],
        },
        Flow(Switch, "Goes on with the labels of the cases whose condition holds, or with Default.") with
        {
            Inputs = [new("Mode") { Choices = ["MatchFirst", "MatchAny"], DefaultValue = JsonValue.Create("MatchFirst"), UiHint = "dropdown" }],
            Outcomes = ["Default"],
            HasOpenOutcomes = true,
        },
        Flow(Fork, "Goes on with all its branches.") with
        {
            Inputs = [new("Branches", "Object") { IsRequired = true, UiHint = "multitext" }],
            Outcomes = [],
            HasOpenOutcomes = true,
        },
        Flow(Join, "Waits for the incoming branches.") with
        {
            Inputs = [new("Mode") { Choices = ["WaitAll", "WaitAllActive", "WaitAny"], DefaultValue = JsonValue.Create("WaitAny"), UiHint = "dropdown" }],
        },
        new(SetVariable)
        {
            Category = "Primitives",
            Description = "Gives a variable a value.",
            Inputs = [new("Value", "Object")],
        },
        Trigger("Elsa.Cron", "Starts a run by a schedule.", new InputDescriptor("CronExpression") { IsRequired = true }),
        Trigger("Elsa.Event", "Starts a run when the named event occurs.", new InputDescriptor("EventName") { IsRequired = true }),
    ];

    public static bool Contains(string typeName) => Descriptors.Any(descriptor => descriptor.TypeName == typeName);

    private static ActivityDescriptor Flow(string typeName, string description) =>
        new(typeName) { Category = "Flow", Description = description };

    private static ActivityDescriptor Trigger(string typeName, string description, InputDescriptor input) =>
        new(typeName) { Category = "Triggers", Description = description, Kind = ActivityKind.Trigger, Inputs = [input] };
}
