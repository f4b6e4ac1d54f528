using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// What a repair does to a run: which steps are set aside, which edges hold a token then, and where the run begins again.
/// Knows no database.
/// </summary>
internal sealed class RepairPlan
{
    private readonly FlowchartGraph _graph;
    private readonly List<StepRow> _remaining;

    private RepairPlan(FlowchartGraph graph, IReadOnlyList<StepRow> current, IEnumerable<StepRow> roots)
    {
        _graph = graph;
        var replaced = new HashSet<string>();
        var starts = new List<string>();
        foreach (var root in roots.OrderBy(root => root.Ordinal).Where(root => !replaced.Contains(root.StepId)))
        {
            starts.Add(root.ActivityId);
            var following = graph.Reachable([root.ActivityId]);
            replaced.UnionWith(current.Where(step => step == root || (step.Ordinal > root.Ordinal && following.Contains(step.ActivityId))).Select(step => step.StepId));
        }
        Starts = starts;
        Replaced = [.. current.Where(step => replaced.Contains(step.StepId)).OrderByDescending(step => step.EndedSequence ?? long.MaxValue).ThenByDescending(step => step.Ordinal)];
        _remaining = [.. current.Where(step => !replaced.Contains(step.StepId))];
    }

    /// <summary>Activities that start at once, in the order of the steps that they replace.</summary>
    public IReadOnlyList<string> Starts { get; }

    /// <summary>Steps that others take the place of: the roots and what came after them. The last that ended comes first.</summary>
    public IReadOnlyList<StepRow> Replaced { get; }

    /// <summary>Steps that failed and are not repaired.</summary>
    public IReadOnlyList<StepRow> RemainingFaults => [.. _remaining.Where(step => step.Status == nameof(StepStatus.Faulted))];

    /// <param name="graph">Shape of the run's version.</param>
    /// <param name="current">All steps of the run that no earlier repair has replaced.</param>
    /// <param name="roots">Those of them to begin again at.</param>
    public static RepairPlan Create(FlowchartGraph graph, IReadOnlyList<StepRow> current, IEnumerable<StepRow> roots) => new(graph, current, roots);

    /// <summary>
    /// Tokens by edge: an edge into what is replaced holds one when the step before it has followed it and nothing that remains
    /// has taken it since; an edge out of what is replaced holds none; the others stay as they are.
    /// </summary>
    public Dictionary<string, int> Tokens(IReadOnlyDictionary<string, int> tokens)
    {
        var replaced = Replaced.Select(step => step.ActivityId).ToHashSet();
        var result = new Dictionary<string, int>();
        foreach (var edge in _graph.Order.SelectMany(_graph.Outgoing))
        {
            var count = Starts.Contains(edge.Target.Activity) ? 0
                : replaced.Contains(edge.Target.Activity) ? (IsFollowed(edge) ? 1 : 0)
                : replaced.Contains(edge.Source.Activity) ? 0
                : tokens.GetValueOrDefault(edge.Key);
            if (count > 0)
                result[edge.Key] = count;
        }
        return result;
    }

    private bool IsFollowed(Connection edge)
    {
        var source = _remaining.LastOrDefault(step => step.ActivityId == edge.Source.Activity && step.Status == nameof(StepStatus.Completed));
        return source?.EndedSequence is { } ended
            && (source.Outcome ?? "").Split(", ").Contains(edge.Outcome)
            && !_remaining.Any(step => step.ActivityId == edge.Target.Activity && step.CreatedSequence >= ended);
    }
}
