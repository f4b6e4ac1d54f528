using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// What a run is in another version of its workflow: whether it fits there, which edges hold a token then, and its values. Knows
/// no database.
/// </summary>
internal sealed class MovePlan
{
    private readonly RunRow _run;
    private readonly IReadOnlyList<StepRow> _current;
    private readonly PinnedDefinition _from;
    private readonly PinnedDefinition _to;
    private readonly List<string> _problems = [];

    private MovePlan(RunRow run, IReadOnlyList<StepRow> current, PinnedDefinition from, PinnedDefinition to)
    {
        (_run, _current, _from, _to) = (run, current, from, to);
        CheckSteps();
        CheckStart();
        Inputs = MoveInputs();
        Variables = MoveVariables();
        Tokens = MoveTokens();
    }

    /// <summary>What does not fit, by name; empty when the run can be moved.</summary>
    public IReadOnlyList<string> Problems => _problems;
    /// <summary>Values of the version's inputs.</summary>
    public JsonObject Inputs { get; }
    /// <summary>Values of the version's variables by id; a new one has its first value.</summary>
    public JsonObject Variables { get; }
    /// <summary>Tokens by edge.</summary>
    public IReadOnlyDictionary<string, int> Tokens { get; }

    /// <param name="run">The run.</param>
    /// <param name="current">All its steps that no repair has replaced.</param>
    /// <param name="from">The version that it is pinned to.</param>
    /// <param name="to">The version that it is to be pinned to.</param>
    public static MovePlan Create(RunRow run, IReadOnlyList<StepRow> current, PinnedDefinition from, PinnedDefinition to) => new(run, current, from, to);

    private void CheckSteps()
    {
        foreach (var step in _current)
            if (_to.Graph.Find(step.ActivityId) is not { } activity)
                _problems.Add($"'{step.ActivityName}' ({step.ActivityId}), which is {step.Status} in the run, is missing.");
            else if (activity.Type != step.ActivityType)
                _problems.Add($"'{step.ActivityName}' ({step.ActivityId}), which is {step.Status} in the run, is a {activity.Type} and was a {step.ActivityType}.");
    }

    private void CheckStart()
    {
        if (_run.QueuedStart is { } queued && QueuedStart.Read(queued) is { Repair: null, ActivityId: var start } && _to.Graph.Find(start)?.Type != _from.Graph.Find(start)?.Type)
            _problems.Add($"'{_from.Graph.Find(start)?.Label ?? start}', where the run is to begin, is missing or of another type.");
    }

    private JsonObject MoveInputs()
    {
        var (given, values) = (WorkflowJson.ReadObject(_run.Inputs), new JsonObject());
        foreach (var input in _to.Definition.Inputs)
        {
            var value = given.ContainsKey(input.Name) ? given[input.Name] : input.DefaultValue;
            if (value is null && input.IsRequired)
                _problems.Add($"The workflow input '{input.Name}' is required, and the run was started without it.");
            else if (ValueTypes.TryConvert(input.IsArray ? "Object" : input.Type, value, out var converted, out var problem))
                values[input.Name] = converted;
            else
                _problems.Add($"The workflow input '{input.Name}': {problem}");
        }
        return values;
    }

    private JsonObject MoveVariables()
    {
        var (known, values) = (WorkflowJson.ReadObject(_run.Variables), new JsonObject());
        foreach (var variable in _to.Definition.AllVariables)
            if (ValueTypes.TryConvert(variable.IsArray ? "Object" : variable.TypeName, known.ContainsKey(variable.Id) ? known[variable.Id] : variable.Value, out var value, out var problem))
                values[variable.Id] = value;
            else
                _problems.Add($"The variable '{variable.Name}': {problem}");
        return values;
    }

    /// <summary>
    /// An edge that stays keeps its tokens. The token of an edge that is gone goes to the new edges of the same outcome, where the run
    /// goes on; new edges elsewhere hold none, since what lies behind a run is not made up for.
    /// </summary>
    private Dictionary<string, int> MoveTokens()
    {
        var tokens = WorkflowJson.ReadObject(_run.Tokens);
        var (before, after) = (Edges(_from), Edges(_to));
        var result = new Dictionary<string, int>();
        foreach (var (key, count) in tokens)
            if (after.ContainsKey(key))
                result[key] = count?.GetValue<int>() ?? 0;
            else if (before.GetValueOrDefault(key) is { } gone)
                foreach (var edge in after.Values.Where(edge => edge.Source.Activity == gone.Source.Activity && edge.Outcome == gone.Outcome && !before.ContainsKey(edge.Key) && IsAhead(edge)))
                    result[edge.Key] = 1;
        return result;
    }

    /// <summary>Whether the edge's target has not begun since its source ended.</summary>
    private bool IsAhead(Connection edge) =>
        _current.LastOrDefault(step => step.ActivityId == edge.Source.Activity && step.Status == nameof(StepStatus.Completed))?.EndedSequence is { } ended
        && !_current.Any(step => step.ActivityId == edge.Target.Activity && step.CreatedSequence >= ended);

    private static Dictionary<string, Connection> Edges(PinnedDefinition pinned) =>
        pinned.Graph.Order.SelectMany(pinned.Graph.Outgoing).ToDictionary(edge => edge.Key);
}
