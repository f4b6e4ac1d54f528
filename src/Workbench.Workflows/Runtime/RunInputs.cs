using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>The values that a run starts with.</summary>
internal static class RunInputs
{
    /// <summary>Given values and defaults, converted to their types.</summary>
    /// <exception cref="WorkflowException">Names every unknown, missing or wrong input.</exception>
    public static JsonObject Bind(WorkflowDefinition definition, JsonObject? given)
    {
        given ??= [];
        var problems = given.Select(pair => pair.Key)
            .Where(name => definition.Inputs.All(input => input.Name != name))
            .Select(name => $"Unknown input '{name}'. {NearestName.Suggest(name, definition.Inputs.Select(input => input.Name))}").ToList();
        var values = new JsonObject();
        foreach (var input in definition.Inputs)
        {
            var value = given.ContainsKey(input.Name) ? given[input.Name] : input.DefaultValue;
            if (value is null && input.IsRequired)
                problems.Add($"Input '{input.Name}' is missing. Give it a {input.Type}.");
            else if (ValueTypes.TryConvert(input.IsArray ? "Object" : input.Type, value, out var converted, out var problem))
                values[input.Name] = converted;
            else
                problems.Add($"Input '{input.Name}': {problem}");
        }
        return problems.Count == 0 ? values
            : throw new WorkflowException($"No run of '{definition.DefinitionId}' was started. {string.Join(' ', problems)}");
    }

    /// <summary>The variables' first values by id.</summary>
    public static JsonObject Variables(WorkflowDefinition definition)
    {
        var values = new JsonObject();
        foreach (var variable in definition.AllVariables)
            values[variable.Id] = ValueTypes.TryConvert(variable.IsArray ? "Object" : variable.TypeName, variable.Value, out var value, out var problem)
                ? value
                : throw new WorkflowException($"Value of variable '{variable.Name}' in '{definition.DefinitionId}': {problem}");
        return values;
    }
}
