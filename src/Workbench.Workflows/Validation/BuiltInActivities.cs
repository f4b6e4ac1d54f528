using System.Text.Json.Nodes;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Validation;

/// <summary>The activity types that the engine itself runs, named and described as in Elsa 3.</summary>
internal static class BuiltInActivities
{
    public const string Start = "Elsa.Start";
    public const string End = "Elsa.End";
    public const string Finish = "Elsa.Finish";
    public const string Complete = "Elsa.Complete";
    public const string Decision = "Elsa.FlowDecision";
    public const string Switch = "Elsa.FlowSwitch";
    public const string Fork = "Elsa.FlowFork";
    public const string Join = "Elsa.FlowJoin";
    public const string SetVariable = "Elsa.SetVariable";
    public const string SetOutput = "Elsa.SetOutput";
    public const string SetName = "Elsa.SetName";
    public const string Correlate = "Elsa.Correlate";
    public const string WriteLine = "Elsa.WriteLine";
    public const string Fault = "Elsa.Fault";
    public const string Delay = "Elsa.Delay";
    public const string Timer = TriggerTypes.Timer;
    public const string StartAt = TriggerTypes.StartAt;
    public const string Cron = TriggerTypes.Cron;
    public const string Event = TriggerTypes.Event;
    public const string PublishEvent = "Elsa.PublishEvent";
    public const string HttpEndpoint = TriggerTypes.HttpEndpoint;
    public const string DispatchWorkflow = "Elsa.DispatchWorkflow";
    public const string ExecuteWorkflow = "Elsa.ExecuteWorkflow";
    public const string RunWorkflow = "Elsa.RunWorkflow";

    public static IReadOnlyList<ActivityDescriptor> Descriptors { get; } =
    [
        new(Start) { Category = "Flow", Description = "Marks where a run begins." },
        Terminal(End, "Flow", "Ends the run at once; running activities are cancelled."),
        Terminal(Finish, "Primitives", "Ends the run at once, as End does."),
        Terminal(Complete, "Composition", "Ends the run at once, as End does.") with { Inputs = [new("Outcomes", "Object") { UiHint = "outcome-picker" }] },
        new(Decision)
        {
            Category = "Branching",
            Description = "Goes on with True or False; a missing condition is False.",
            Inputs = [new("Condition", "Boolean")],
            Outcomes = ["True", "False"],
        },
        new(Switch)
        {
            Category = "Branching",
            Description = "Goes on with the labels of the cases whose condition holds, or with Default.",
            Inputs =
            [
                new("Cases", "Object") { UiHint = "flow-switch-editor", IsWrapped = false },
                Choice("Mode", "MatchFirst", "MatchFirst", "MatchAny"),
            ],
            Outcomes = ["Default"],
            HasOpenOutcomes = true,
        },
        new(Fork)
        {
            Category = "Branching",
            Description = "Goes on with all its branches.",
            Inputs = [new("Branches", "Object") { IsRequired = true, UiHint = "dynamic-outcomes" }],
            Outcomes = [],
            HasOpenOutcomes = true,
        },
        new(Join)
        {
            Category = "Branching",
            Description = "Waits for the incoming branches: any, all, or all that can still come.",
            Inputs = [Choice("Mode", "WaitAny", "WaitAll", "WaitAllActive", "WaitAny")],
        },
        new(SetVariable)
        {
            Category = "Primitives",
            Description = "Gives a variable a value.",
            Inputs = [new("Variable", "Object") { UiHint = "variable-picker", IsWrapped = false }, new("Value", "Object")],
        },
        new(SetOutput)
        {
            Category = "Composition",
            Description = "Gives an output of the run a value.",
            Inputs = [new("OutputName") { DisplayName = "Output", IsRequired = true, UiHint = "output-picker" }, new("OutputValue", "Object") { DisplayName = "Value" }],
        },
        new(SetName) { Category = "Primitives", Description = "Gives the run a name.", Inputs = [new("Value")] },
        new(Correlate)
        {
            Category = "Primitives",
            Description = "Sets the run's correlation id, by which events find it.",
            Inputs = [new("CorrelationId") { IsRequired = true }],
        },
        new(WriteLine) { Category = "Console", Description = "Writes a line to the run's journal.", Inputs = [new("Text")] },
        new(Fault)
        {
            Category = "Primitives",
            Description = "Fails here.",
            Inputs = [new("Code"), new("Category"), new("FaultType") { DisplayName = "Type" }, new("Message")],
        },
        .. WaitingDescriptors.All,
    ];

    public static bool Contains(string typeName) => Descriptors.Any(descriptor => descriptor.TypeName == typeName);

    private static ActivityDescriptor Terminal(string typeName, string category, string description) =>
        new(typeName) { Category = category, Description = description, Outcomes = [], IsTerminal = true };

    private static InputDescriptor Choice(string name, string defaultValue, params IReadOnlyList<string> choices) =>
        new(name) { Choices = choices, DefaultValue = JsonValue.Create(defaultValue), UiHint = "dropdown" };
}
