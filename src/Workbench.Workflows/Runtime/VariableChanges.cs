using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Notes what each step writes to the variables, with the values before, so that a repair can undo it. Works on the live
/// values: what changed since the last look belongs to the step that is looked at.
/// </summary>
internal sealed class VariableChanges(JsonObject variables)
{
    private readonly JsonObject _known = variables.DeepClone().AsObject();

    /// <summary>The earlier values of what changed since the last call, beside what was noted before; null when nothing did.</summary>
    public string? Take(string? noted)
    {
        var before = WorkflowJson.ReadObject(noted);
        foreach (var (id, value) in variables)
        {
            if (JsonNode.DeepEquals(value, _known[id]))
                continue;
            if (!before.ContainsKey(id))
                before[id] = _known[id]?.DeepClone();
            _known[id] = value?.DeepClone();
        }
        return before.Count == 0 ? null : WorkflowJson.Write(before);
    }

    /// <summary>Takes the values as they are: they belong to no step.</summary>
    public void Accept() => Take(null);

    /// <summary>Puts the values back that a step found.</summary>
    public static void Undo(JsonObject variables, string? noted)
    {
        foreach (var (id, value) in WorkflowJson.ReadObject(noted))
            variables[id] = value?.DeepClone();
    }
}
