using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Host.Pages.Pipelines;

/// <summary>The inputs of a pipeline as a form, filled with their defaults.</summary>
internal sealed class RunForm(WorkflowDefinition definition)
{
    /// <summary>One field for each input, in their order.</summary>
    public IReadOnlyList<RunField> Fields { get; } = [.. definition.Inputs.Select(input => new RunField(input))];

    /// <summary>The values of all fields; null when one is wrong, which then says why. Empty fields are left to their defaults.</summary>
    public JsonObject? Read()
    {
        var values = new JsonObject();
        foreach (var field in Fields)
            if (field.Read() is { } value)
                values[field.Input.Name] = value;
        return Fields.All(field => field.Problem is null) ? values : null;
    }
}
