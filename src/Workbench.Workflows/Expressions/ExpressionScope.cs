using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Expressions;

/// <summary>The values that expressions of one run see: variables by id or name, workflow inputs by name.</summary>
internal sealed class ExpressionScope(WorkflowDefinition definition, JsonObject variables, JsonObject inputs)
{
    /// <summary>Values by variable id.</summary>
    public JsonObject Variables { get; } = variables;

    public JsonNode? Read(ExpressionReference reference) => reference.Type == Expression.Variable
        ? Variables[FindVariable(reference.Name).Id]
        : inputs[FindInput(reference.Name).Name];

    /// <exception cref="WorkflowException">Unknown variable, or a value that is not of its type.</exception>
    public void SetVariable(string nameOrId, JsonNode? value)
    {
        var variable = FindVariable(nameOrId);
        Variables[variable.Id] = ValueTypes.TryConvert(variable.IsArray ? "Object" : variable.TypeName, value, out var converted, out var problem)
            ? converted
            : throw new WorkflowException($"Variable '{variable.Name}': {problem}");
    }

    private Variable FindVariable(string nameOrId) =>
        Find(definition, nameOrId)
        ?? throw new WorkflowException($"Unknown variable '{nameOrId}'. Known: {List(definition.AllVariables.Select(variable => variable.Name))}. Declare it in the workflow's variables.");

    private WorkflowInput FindInput(string name) =>
        definition.Inputs.FirstOrDefault(input => input.Name == name)
        ?? throw new WorkflowException($"Unknown workflow input '{name}'. Known: {List(definition.Inputs.Select(input => input.Name))}. Declare it in the workflow's inputs.");

    public static Variable? Find(WorkflowDefinition definition, string nameOrId) =>
        definition.AllVariables.FirstOrDefault(variable => variable.Id == nameOrId)
        ?? definition.AllVariables.FirstOrDefault(variable => variable.Name == nameOrId);

    private static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none";
}
