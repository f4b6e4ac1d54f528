using Workbench.Workflows.Model;
using static Workbench.Workflows.Validation.ValidationSubject;

namespace Workbench.Workflows.Validation;

/// <summary>Rules about activities and connections.</summary>
internal static class ShapeRules
{
    public static IEnumerable<Finding> HasRoot(ValidationSubject subject)
    {
        if (subject.Definition.Root.Type != Flowchart.TypeName)
            yield return Error("root", $"The root is '{subject.Definition.Root.Type}'. Allowed: {Flowchart.TypeName}. Draw the workflow as a flowchart.");
    }

    public static IEnumerable<Finding> HasStart(ValidationSubject subject)
    {
        if (subject.Activities.Count == 0)
            yield return Error("start", "The workflow has no activities, so no run can start. Add one.");
        else if (subject.Graph.Starts is [var first] && subject.Graph.Incoming(first.Id).Any() && !first.CanStartWorkflow)
            yield return Error("start", $"No activity is a start: each has an incoming connection. Add Elsa.Start and connect it to '{first.Label}'.");
    }

    public static IEnumerable<Finding> HasUniqueIds(ValidationSubject subject)
    {
        foreach (var activity in subject.Activities.Where(activity => activity.Id.Length == 0))
            yield return Error("id", activity, $"An activity of type '{activity.Type}' has no id. Give it one.");
        foreach (var group in subject.Activities.Where(activity => activity.Id.Length > 0).GroupBy(activity => activity.Id).Where(group => group.Count() > 1))
            yield return Error("id", group.First(), $"The id '{group.Key}' is used by {group.Count()} activities. Give each its own.");
        foreach (var group in subject.Definition.AllVariables.GroupBy(variable => variable.Id).Where(group => group.Count() > 1))
            yield return Error("id", $"The id '{group.Key}' is used by {group.Count()} variables. Give each its own.");
    }

    public static IEnumerable<Finding> KnowsActivityTypes(ValidationSubject subject) =>
        from activity in subject.Activities
        where subject.Catalog.Find(activity.Type) is null
        select Error("type", activity,
            $"Unknown activity type '{activity.Type}'. {NearestName.Suggest(activity.Type, subject.Catalog.Descriptors.Select(known => known.TypeName))}");

    public static IEnumerable<Finding> ConnectsKnownActivities(ValidationSubject subject) =>
        from edge in subject.Definition.Root.Connections
        from end in new[] { edge.Source.Activity, edge.Target.Activity }
        where subject.Graph.Find(end) is null
        select Error("connection",
            $"A connection {edge.Key} names the unknown activity '{end}'. {NearestName.Suggest(end, subject.Activities.Select(activity => activity.Id))}");

    public static IEnumerable<Finding> ConnectsKnownPorts(ValidationSubject subject)
    {
        foreach (var edge in subject.Definition.Root.Connections)
        {
            if (subject.Graph.Find(edge.Source.Activity) is { } source
                && subject.OutcomesOf(source) is { } outcomes && !outcomes.Contains(edge.Outcome))
                yield return Error("port", source, $"A connection leaves by the unknown outcome '{edge.Outcome}'. {NearestName.Suggest(edge.Outcome, outcomes)}");
            if (edge.Target.Port is { Length: > 0 } port && port != "In" && subject.Graph.Find(edge.Target.Activity) is { } target)
                yield return Error("port", target, $"A connection arrives at the unknown port '{port}'. Known: In.");
        }
    }

    public static IEnumerable<Finding> ReachesEveryActivity(ValidationSubject subject)
    {
        var reachable = subject.Graph.Reachable(subject.Graph.Starts.Select(start => start.Id));
        return subject.Activities.Where(activity => !reachable.Contains(activity.Id))
            .Select(activity => Error("unreachable", activity, $"'{activity.Label}' can never run: no path leads to it from a start. Connect it or remove it."));
    }

    /// <summary>A cycle has an exit when an outcome in it is not wired, an edge leaves it, or a run can end in it.</summary>
    public static IEnumerable<Finding> LeavesEveryCycle(ValidationSubject subject)
    {
        var reported = new HashSet<string>();
        foreach (var activity in subject.Activities.Where(activity => subject.Graph.Outgoing(activity.Id).Any()))
        {
            var reachable = subject.Graph.Reachable([activity.Id]);
            var isClosed = reachable.All(id => subject.Graph.CanReach(id, activity.Id)) && reachable.All(id => IsFullyWired(subject, id));
            if (isClosed && reported.Add(string.Join(' ', reachable.Order())))
                yield return Error("cycle", activity, $"The cycle {string.Join(", ", reachable)} has no exit, so a run never ends. Let a decision lead out of it.");
        }
    }

    /// <summary>A WaitAll join that some outcome before it reaches on one edge but not on another is skipped in silence.</summary>
    public static IEnumerable<Finding> JoinsWhatAlwaysArrives(ValidationSubject subject) =>
        from waiting in subject.Activities
        where waiting.Type == BuiltInActivities.Join && WorkflowJson.Text(waiting.Input("mode")?.Expression.Value) == "WaitAll"
        from decision in subject.Activities
        where decision.Id != waiting.Id && subject.OutcomesOf(decision) is { Count: > 1 } && decision.Type != BuiltInActivities.Fork
            && subject.Graph.CanReach(decision.Id, waiting.Id, forwardOnly: true)
        let all = ForwardIncoming(subject, waiting).Count()
        where Arrivals(subject, decision, waiting).Any(arrivals => arrivals > 0 && arrivals < all)
        select Warning("join", waiting,
            $"'{waiting.Label}' waits for all its branches, but '{decision.Label}' can leave one out; then nothing after it runs. Use WaitAllActive.");

    private static IEnumerable<int> Arrivals(ValidationSubject subject, Activity decision, Activity waiting) =>
        from outcome in subject.OutcomesOf(decision) ?? []
        let followed = subject.Graph.Outgoing(decision.Id).Where(edge => edge.Outcome == outcome).ToList()
        let visited = subject.Graph.Reachable(
            followed.Select(edge => edge.Target.Activity).Where(id => id != waiting.Id), waiting.Id, forwardOnly: true)
        select ForwardIncoming(subject, waiting).Count(edge => followed.Contains(edge) || visited.Contains(edge.Source.Activity));

    private static IEnumerable<Connection> ForwardIncoming(ValidationSubject subject, Activity activity) =>
        subject.Graph.Incoming(activity.Id).Where(edge => !subject.Graph.IsBackEdge(edge));

    private static bool IsFullyWired(ValidationSubject subject, string id)
    {
        var activity = subject.Graph.Find(id);
        var wired = subject.Graph.Outgoing(id).Select(edge => edge.Outcome).ToHashSet();
        return activity is not null && subject.OutcomesOf(activity) is { Count: > 0 } outcomes && outcomes.All(wired.Contains);
    }
}
