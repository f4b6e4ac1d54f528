using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// The connections of a definition in which steps come and go. A new step goes in front of the one that it precedes, with
/// whatever the designer put before that; the neighbours of a removed one are joined.
/// </summary>
/// <param name="theirs">The connections as they stand in the definition.</param>
/// <param name="was">The chain of the last promotion, in order.</param>
/// <param name="ours">The chain now, in order, without what the designer took out.</param>
/// <param name="addsCron">Whether the schedule is new.</param>
internal sealed class ChainMerge(IEnumerable<JsonObject> theirs, IReadOnlyList<string> was, IReadOnlyList<string> ours, bool addsCron)
{
    private readonly List<JsonObject> _edges = [.. theirs.Select(edge => edge.DeepClone().AsObject())];
    private readonly HashSet<string> _present = [.. was.Intersect(ours)];

    public static string Source(JsonObject edge) => edge["source"]?["activity"]?.ToString() ?? "";

    public static string Port(JsonObject edge) => edge["source"]?["port"]?.ToString() is { Length: > 0 } port ? port : "Done";

    public static string Target(JsonObject edge) => edge["target"]?["activity"]?.ToString() ?? "";

    public static string Key(JsonObject edge) => $"{Source(edge)}.{Port(edge)}->{Target(edge)}";

    public static JsonObject Edge(string source, string port, string target) => new()
    {
        ["source"] = new JsonObject { ["activity"] = source, ["port"] = port },
        ["target"] = new JsonObject { ["activity"] = target, ["port"] = "In" },
        ["vertices"] = new JsonArray(),
    };

    public List<JsonObject> Merge()
    {
        for (int index = 0; index < ours.Count; index++)
            if (_present.Add(ours[index]))
                Insert(index);
        foreach (var gone in was.Except(ours))
            Remove(gone);
        if (addsCron)
            ConnectCron();
        return _edges;
    }

    private void Insert(int index)
    {
        var id = ours[index];
        var before = ours.Take(index).LastOrDefault(_present.Contains) ?? FlowchartBuilder.Starts.Start;
        if (ours.Skip(index + 1).FirstOrDefault(_present.Contains) is { } after)
        {
            // A path that leads back to the next step goes on leading there.
            var incoming = _edges.Where(edge => Target(edge) == after && !Reaches(after, Source(edge))).ToList();
            incoming.ForEach(edge => Replace(edge, Edge(Source(edge), Port(edge), id)));
            if (incoming.Count == 0)
                Add(Edge(before, FlowchartBuilder.PortOf(before), id));
            Add(Edge(id, FlowchartBuilder.PortOf(id), after), _edges.FindLastIndex(edge => Target(edge) == id) + 1);
            return;
        }
        foreach (var edge in _edges.Where(edge => Source(edge) == before && Port(edge) == FlowchartBuilder.PortOf(before)).ToList())
            Replace(edge, Edge(id, FlowchartBuilder.PortOf(id), Target(edge)));
        Add(Edge(before, FlowchartBuilder.PortOf(before), id));
    }

    private void Remove(string id)
    {
        var incoming = _edges.Where(edge => Target(edge) == id && Source(edge) != id).ToList();
        var outgoing = _edges.Where(edge => Source(edge) == id && Target(edge) != id && Port(edge) == FlowchartBuilder.PortOf(id)).ToList();
        foreach (var into in incoming)
            foreach (var target in outgoing.Select(Target).Where(target => target != Source(into)))
                Add(Edge(Source(into), Port(into), target), _edges.IndexOf(into));
        _edges.RemoveAll(edge => Source(edge) == id || Target(edge) == id);
    }

    // A schedule starts what a start by hand starts.
    private void ConnectCron()
    {
        var (start, cron) = FlowchartBuilder.Starts;
        var targets = _edges.Where(edge => Source(edge) == start).Select(Target).ToList();
        foreach (var target in targets.Count > 0 ? targets : [.. ours.Take(1)])
            Add(Edge(cron, "Done", target));
    }

    private bool Reaches(string from, string goal)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var node))
            if (node == goal)
                return true;
            else if (seen.Add(node))
                _edges.Where(edge => Source(edge) == node).Select(Target).ToList().ForEach(open.Push);
        return false;
    }

    private void Replace(JsonObject edge, JsonObject by)
    {
        int index = _edges.IndexOf(edge);
        _edges.RemoveAt(index);
        Add(by, index);
    }

    private void Add(JsonObject edge, int? index = null)
    {
        if (!_edges.Exists(one => Key(one) == Key(edge)))
            _edges.Insert(index ?? _edges.Count, edge);
    }
}
