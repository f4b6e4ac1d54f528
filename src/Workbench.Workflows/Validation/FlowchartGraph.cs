using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>
/// The shape of a flowchart. An edge is a back edge when it leads to an activity that a depth-first walk from the starts
/// is still inside; the other edges have no cycle and give a topological order.
/// </summary>
internal sealed class FlowchartGraph
{
    private readonly Dictionary<string, Activity> _activities = [];
    private readonly List<string> _order = [];
    private readonly HashSet<string> _backEdges = [];
    private readonly ILookup<string, Connection> _outgoing;
    private readonly ILookup<string, Connection> _incoming;

    /// <summary>Leaves out duplicate ids, duplicate edges and edges to unknown activities; validation reports them.</summary>
    public FlowchartGraph(Flowchart flowchart, ActivityCatalog catalog)
    {
        foreach (var activity in flowchart.Activities)
            _activities.TryAdd(activity.Id, activity);
        var edges = flowchart.Connections
            .Where(edge => _activities.ContainsKey(edge.Source.Activity) && _activities.ContainsKey(edge.Target.Activity))
            .DistinctBy(edge => edge.Key).ToList();
        _outgoing = edges.ToLookup(edge => edge.Source.Activity);
        _incoming = edges.ToLookup(edge => edge.Target.Activity);
        Starts = FindStarts(catalog);
        Sort();
    }

    /// <summary>Every activity that may begin a run; the first begins one that no trigger started.</summary>
    public IReadOnlyList<Activity> Starts { get; }

    /// <summary>Ids in topological order of the edges that are no back edges.</summary>
    public IReadOnlyList<string> Order => _order;

    public Activity? Find(string id) => _activities.GetValueOrDefault(id);

    public IEnumerable<Connection> Outgoing(string id) => _outgoing[id];

    public IEnumerable<Connection> Incoming(string id) => _incoming[id];

    public bool IsBackEdge(Connection edge) => _backEdges.Contains(edge.Key);

    /// <summary>Whether a walk from <paramref name="from"/> that never enters <paramref name="avoiding"/> reaches <paramref name="to"/>.</summary>
    public bool CanReach(string from, string to, string? avoiding = null, bool forwardOnly = false) =>
        Reachable([from], avoiding, forwardOnly).Contains(to);

    public HashSet<string> Reachable(IEnumerable<string> from, string? avoiding = null, bool forwardOnly = false)
    {
        var seen = new HashSet<string>(from);
        var open = new Stack<string>(seen);
        while (open.TryPop(out var id))
            foreach (var edge in _outgoing[id])
                if (edge.Target.Activity != avoiding && !(forwardOnly && IsBackEdge(edge)) && seen.Add(edge.Target.Activity))
                    open.Push(edge.Target.Activity);
        return seen;
    }

    /// <summary>Elsa's order: Start, then what can start the workflow, then the first without an incoming edge, then the first.</summary>
    private List<Activity> FindStarts(ActivityCatalog catalog)
    {
        var all = _activities.Values;
        var first = all.FirstOrDefault(activity => activity.Type == BuiltInActivities.Start)
            ?? all.FirstOrDefault(activity => activity.CanStartWorkflow)
            ?? all.FirstOrDefault(activity => !_incoming.Contains(activity.Id))
            ?? all.FirstOrDefault();
        if (first is null)
            return [];
        var triggers = all.Where(activity => activity.CanStartWorkflow
            || catalog.Find(activity.Type)?.Kind == ActivityKind.Trigger && !_incoming.Contains(activity.Id));
        return [first, .. triggers.Where(trigger => trigger.Id != first.Id)];
    }

    private void Sort()
    {
        var states = new Dictionary<string, bool>(); // false while the walk is inside, true when it has left
        foreach (var id in Starts.Select(start => start.Id).Concat(_activities.Keys))
            Visit(id, states);
        _order.Reverse();
    }

    private void Visit(string id, Dictionary<string, bool> states)
    {
        if (!states.TryAdd(id, false))
            return;
        foreach (var edge in _outgoing[id].Reverse()) // So that the first listed branch comes first in the reversed order.
            if (states.TryGetValue(edge.Target.Activity, out var hasLeft) && !hasLeft)
                _backEdges.Add(edge.Key);
            else
                Visit(edge.Target.Activity, states);
        states[id] = true;
        _order.Add(id);
    }
}
