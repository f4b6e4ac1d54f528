using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>What the rules look at.</summary>
internal sealed record ValidationSubject(WorkflowDefinition Definition, ActivityCatalog Catalog, FlowchartGraph Graph)
{
    public IReadOnlyList<Activity> Activities => Definition.Root.Activities;

    /// <summary>Activities of known types, with their descriptors.</summary>
    public IEnumerable<(Activity Activity, ActivityDescriptor Descriptor)> Known =>
        from activity in Activities
        let descriptor = Catalog.Find(activity.Type)
        where descriptor is not null
        select (activity, descriptor);

    /// <summary>Outcomes of an activity: its type's, and those that its branches or cases name. Null when the type is unknown.</summary>
    public IReadOnlyList<string>? OutcomesOf(Activity activity) => Catalog.Find(activity.Type) is not { } descriptor ? null
        : descriptor.HasOpenOutcomes ? [.. OpenOutcomes.Of(activity), .. descriptor.Outcomes]
        : descriptor.Outcomes;

    public static Finding Error(string rule, Activity activity, string message) =>
        new(FindingSeverity.Error, rule, activity.Id, activity.Label, message);

    public static Finding Warning(string rule, Activity activity, string message) =>
        new(FindingSeverity.Warning, rule, activity.Id, activity.Label, message);

    public static Finding Error(string rule, string message) => new(FindingSeverity.Error, rule, null, null, message);
}
