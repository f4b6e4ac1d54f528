using System.Text.Json.Nodes;
using static Workbench.Workflows.Validation.BuiltInActivities;

namespace Workbench.Workflows.Validation;

/// <summary>The engine's own activities that wait, described as in Elsa 3.</summary>
internal static class WaitingDescriptors
{
    public static IReadOnlyList<ActivityDescriptor> All { get; } =
    [
        new(Delay)
        {
            Category = "Scheduling",
            Description = "Waits for a time.",
            Inputs = [new("TimeSpan", "TimeSpan") { DefaultValue = JsonValue.Create("00:01:00"), Description = "How long, such as 00:10:00." }],
        },
        Trigger(BuiltInActivities.Timer, "Scheduling", "Starts a run again and again; inside a run, waits for the time once.") with
        {
            Inputs = [new("Interval", "TimeSpan") { DefaultValue = JsonValue.Create("00:01:00") }],
        },
        Trigger(StartAt, "Scheduling", "Starts a run at a moment; inside a run, waits for it.") with
        {
            Inputs = [new("DateTime", "DateTimeOffset") { IsRequired = true, UiHint = "datetime-picker" }],
        },
        Trigger(Cron, "Scheduling", "Starts runs by a schedule; inside a run, waits for its next moment.") with
        {
            Inputs = [new("CronExpression") { IsRequired = true, Description = "Minute hour day month weekday, or with seconds first." }],
        },
        Trigger(Event, "Primitives", "Starts a run when the named event is published; inside a run, waits for it.") with
        {
            Inputs = [new("EventName") { IsRequired = true }],
            Outputs = [new("Result") { Description = "The event's payload." }],
        },
        new(PublishEvent)
        {
            Category = "Primitives",
            Description = "Publishes an event to the runs that wait for it and to the workflows that it starts.",
            Inputs =
            [
                new("EventName") { IsRequired = true },
                new("CorrelationId") { Description = "Reaches only runs with this correlation id; empty for all." },
                new("IsLocalEvent", "Boolean") { DisplayName = "Local event", Description = "Reaches only this run.", UiHint = "checkbox" },
                new("Payload", "Object"),
            ],
        },
        Trigger(HttpEndpoint, "HTTP", "Starts a run when the path is requested; inside a run, waits for the request.") with
        {
            Inputs =
            [
                new("Path") { IsRequired = true, Description = "Such as orders/{id}." },
                new("SupportedMethods", "Object")
                {
                    DefaultValue = new JsonArray("GET"), UiHint = "checklist", ListChoices = ["GET", "POST", "PUT", "HEAD", "DELETE"],
                },
                new("Authorize", "Boolean") { Description = "Only requests of someone who is known.", UiHint = "checkbox" },
                new("Policy"),
            ],
            Outputs = [new("ParsedContent"), new("RouteData"), new("QueryStringData"), new("Headers")],
        },
        Child(DispatchWorkflow, "Starts a run of another workflow; waits for its end when told to.", waits: false),
        Child(ExecuteWorkflow, "Starts a run of another workflow and waits for its end.", waits: true),
        Child(RunWorkflow, "Starts a run of another workflow and waits for its end.", waits: true),
    ];

    private static ActivityDescriptor Trigger(string typeName, string category, string description) =>
        new(typeName) { Category = category, Description = description, Kind = ActivityKind.Trigger };

    private static ActivityDescriptor Child(string typeName, string description, bool waits) => new(typeName)
    {
        Category = "Composition",
        Description = description,
        Inputs =
        [
            new("WorkflowDefinitionId") { DisplayName = "Workflow Definition", IsRequired = true, UiHint = "workflow-definition-picker" },
            new("CorrelationId") { Description = "The new run's correlation id." },
            new("Input", "Object") { Description = "The new run's inputs by name.", UiHint = "dictionary" },
            new("WaitForCompletion", "Boolean") { DefaultValue = JsonValue.Create(waits), UiHint = "checkbox" },
        ],
        Outputs =
        [
            new("Result") { Description = "The run's outputs by name; null when it is not waited for." },
            new("WorkflowInstanceId", "String") { Description = "The run's id." },
        ],
    };
}
