using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Notes what each step changes of the run itself (its outputs, its name, its correlation id), with what was before, so that a
/// repair can undo it; as <see cref="VariableChanges"/> does for the variables. A value stands in a list of one, so that null
/// and absent differ.
/// </summary>
internal sealed class RunChanges(ExpressionScope scope)
{
    private const string Name = "name";
    private const string CorrelationId = "correlationId";
    private const string OutputPrefix = "output/";

    private JsonObject _known = State(scope);

    /// <summary>The earlier values of what changed since the last call, beside what was noted before; null when nothing did.</summary>
    public string? Take(string? noted)
    {
        var (now, before) = (State(scope), WorkflowJson.ReadObject(noted));
        foreach (var key in now.Select(pair => pair.Key).Union(_known.Select(pair => pair.Key)).ToList())
            if (!JsonNode.DeepEquals(now[key], _known[key]) && !before.ContainsKey(key))
                before[key] = _known[key]?.DeepClone();
        _known = now;
        return before.Count == 0 ? null : WorkflowJson.Write(before);
    }

    /// <summary>Takes the values as they are: they belong to no step.</summary>
    public void Accept() => Take(null);

    /// <summary>Puts back what a step found.</summary>
    public static void Undo(ExpressionScope scope, string? noted)
    {
        foreach (var (key, before) in WorkflowJson.ReadObject(noted))
            if (key == Name)
                scope.RunName = Text(before);
            else if (key == CorrelationId)
                scope.CorrelationId = Text(before);
            else if (before is JsonArray value)
                scope.Outputs[key[OutputPrefix.Length..]] = value[0]?.DeepClone();
            else
                scope.Outputs.Remove(key[OutputPrefix.Length..]);
    }

    private static string? Text(JsonNode? before) => before is JsonArray value ? WorkflowJson.Text(value[0]) : null;

    private static JsonObject State(ExpressionScope scope)
    {
        var state = new JsonObject();
        if (scope.RunName is { } name)
            state[Name] = new JsonArray(name);
        if (scope.CorrelationId is { } correlationId)
            state[CorrelationId] = new JsonArray(correlationId);
        foreach (var (output, value) in scope.Outputs)
            state[OutputPrefix + output] = new JsonArray(value?.DeepClone());
        return state;
    }
}
