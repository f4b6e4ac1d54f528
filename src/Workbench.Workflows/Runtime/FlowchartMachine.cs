using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Decides whose turn it is. An edge that was followed holds a token. An activity starts when a back edge holds a token, or
/// when an incoming edge does and no active activity can still reach another one of them: the synchronising merge of
/// YAWL and BPMN's inclusive gateway, which makes dead paths and loops need no rule of their own. Knows no database.
/// </summary>
internal sealed class FlowchartMachine(FlowchartGraph graph, Dictionary<string, int> tokens, HashSet<string> active)
{
    /// <summary>Tokens by edge key.</summary>
    public IReadOnlyDictionary<string, int> Tokens => tokens;

    /// <summary>Ids of activities that have started and not ended.</summary>
    public IReadOnlySet<string> Active => active;

    public void Start(string activityId) => active.Add(activityId);

    /// <summary>The activity ended; the edges of its outcomes are followed. Without outcomes its branch ends.</summary>
    public void End(string activityId, IEnumerable<string> outcomes)
    {
        active.Remove(activityId);
        foreach (var outcome in outcomes.Distinct())
            foreach (var edge in graph.Outgoing(activityId).Where(edge => edge.Outcome == outcome))
                tokens[edge.Key] = tokens.GetValueOrDefault(edge.Key) + 1;
    }

    /// <summary>Goes on from other tokens; what is active stays so.</summary>
    public void Restart(IReadOnlyDictionary<string, int> newTokens)
    {
        tokens.Clear();
        foreach (var (edge, count) in newTokens)
            tokens[edge] = count;
    }

    /// <summary>Drops every token and every active activity.</summary>
    public void Clear()
    {
        tokens.Clear();
        active.Clear();
    }

    /// <summary>The next activity whose turn it is, already counted as active; null when all must wait.</summary>
    public Turn? Next()
    {
        foreach (var id in graph.Order)
            if (!active.Contains(id) && graph.Find(id) is { } activity && Decide(activity) is { } turn)
                return turn;
        return null;
    }

    private Turn? Decide(Activity activity)
    {
        var edges = graph.Incoming(activity.Id).ToList();
        var back = edges.Where(edge => graph.IsBackEdge(edge) && Holds(edge)).ToList();
        if (back.Count > 0)
            return Take(activity, back, []);
        var forward = edges.Where(edge => !graph.IsBackEdge(edge)).ToList();
        var arrived = forward.Where(Holds).ToList();
        if (arrived.Count == 0)
            return null;
        var missing = forward.Except(arrived).ToList();
        var mode = ModeOf(activity);
        if (mode == JoinMode.WaitAny)
            return Take(activity, arrived, Losers(activity, arrived, missing));
        if (missing.Any(edge => CanStillCome(edge, activity)))
            return null;
        return mode == JoinMode.WaitAll && missing.Count > 0 ? Skip(activity, arrived) : Take(activity, arrived, []);
    }

    private bool Holds(Connection edge) => tokens.ContainsKey(edge.Key);

    private bool CanStillCome(Connection edge, Activity target) =>
        active.Any(id => graph.CanReach(id, edge.Source.Activity, avoiding: target.Id));

    private Turn Take(Activity activity, List<Connection> edges, IReadOnlyList<string> losers)
    {
        foreach (var edge in edges)
            Remove(edge.Key);
        active.ExceptWith(losers);
        active.Add(activity.Id);
        return new(activity, losers, IsSkipped: false);
    }

    private Turn Skip(Activity activity, List<Connection> edges)
    {
        foreach (var edge in edges)
            tokens.Remove(edge.Key);
        return new(activity, [], IsSkipped: true);
    }

    /// <summary>Active activities that lead to the join's other edges; tokens on their way there are dropped too.</summary>
    private List<string> Losers(Activity activity, List<Connection> arrived, List<Connection> missing)
    {
        var winning = LeadingTo(arrived, activity.Id, _ => false);
        // A loop that only tries a losing branch again is cancelled with it. What leads to the winning branch too is about to
        // begin all branches anew, and goes on.
        var leading = LeadingTo(missing, activity.Id, backEdge => !winning.Contains(backEdge.Target.Activity));
        leading.ExceptWith(winning);
        foreach (var edge in leading.SelectMany(graph.Incoming))
            tokens.Remove(edge.Key);
        return [.. graph.Order.Where(id => leading.Contains(id) && active.Contains(id))];
    }

    /// <summary>Activities from which the edges can be reached without the join, by forward edges and by some back edges.</summary>
    private HashSet<string> LeadingTo(List<Connection> edges, string join, Func<Connection, bool> followsBackEdge)
    {
        var leading = new HashSet<string>();
        var open = new Stack<Connection>(edges);
        while (open.TryPop(out var edge))
            if (edge.Source.Activity != join && (!graph.IsBackEdge(edge) || followsBackEdge(edge)) && leading.Add(edge.Source.Activity))
                foreach (var incoming in graph.Incoming(edge.Source.Activity))
                    open.Push(incoming);
        return leading;
    }

    private void Remove(string key)
    {
        if (--tokens[key] == 0)
            tokens.Remove(key);
    }

    private static JoinMode ModeOf(Activity activity) => activity.Type != BuiltInActivities.Join ? JoinMode.WaitAllActive
        : WorkflowJson.Text(activity.Input("mode")?.Expression.Value) switch
        {
            "WaitAll" => JoinMode.WaitAll,
            "WaitAllActive" => JoinMode.WaitAllActive,
            _ => JoinMode.WaitAny,
        };

    private enum JoinMode { WaitAllActive, WaitAll, WaitAny }
}
