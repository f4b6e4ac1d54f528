using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Expressions;

/// <summary>What the expressions and the engine's own activities of one run see and change.</summary>
internal sealed class ExpressionScope(WorkflowDefinition definition, JsonObject variables, JsonObject inputs)
{
    private readonly Dictionary<string, JsonObject> _stepOutputs = [];

    /// <summary>The version that the run is pinned to.</summary>
    public WorkflowDefinition Definition { get; } = definition;
    /// <summary>Values by variable id.</summary>
    public JsonObject Variables { get; } = variables;
    /// <summary>Values of the workflow's inputs by name.</summary>
    public JsonObject Inputs { get; } = inputs;
    /// <summary>Outputs of the run by name.</summary>
    public JsonObject Outputs { get; init; } = [];
    /// <summary>Id and payload of the trigger that started the run, or null.</summary>
    public JsonObject? Trigger { get; init; }
    public string RunId { get; init; } = "";
    public string? CorrelationId { get; set; }
    /// <summary>Name that the run has given itself.</summary>
    public string? RunName { get; set; }
    /// <summary>The output <c>result</c> of the step that last gave one.</summary>
    public JsonNode? LastResult { get; private set; }

    public JsonNode? Read(ExpressionReference reference) => reference.Type == Expression.Variable
        ? Variables[FindVariable(reference.Name).Id]
        : Inputs[FindInput(reference.Name).Name];

    /// <exception cref="WorkflowException">Unknown variable, or a value that is not of its type.</exception>
    public void SetVariable(string nameOrId, JsonNode? value)
    {
        var variable = FindVariable(nameOrId);
        Variables[variable.Id] = ValueTypes.TryConvert(variable.IsArray ? "Object" : variable.TypeName, value, out var converted, out var problem)
            ? converted
            : throw new WorkflowException($"Variable '{variable.Name}': {problem}");
    }

    /// <exception cref="WorkflowException">A value that is not of the type that the workflow declares.</exception>
    public void SetOutput(string name, JsonNode? value)
    {
        var declared = Definition.Outputs.FirstOrDefault(output => output.Name == name);
        var type = declared is null or { IsArray: true } ? "Object" : declared.Type ?? "Object";
        Outputs[name] = ValueTypes.TryConvert(type, value, out var converted, out var problem)
            ? converted
            : throw new WorkflowException($"Output '{name}': {problem}");
    }

    /// <summary>Remembers the outputs of an activity's last step.</summary>
    public void Remember(string activityId, JsonObject outputs)
    {
        _stepOutputs[activityId] = outputs;
        if (WorkflowJson.Find(outputs, "result") is { } result)
            LastResult = result;
    }

    /// <summary>Forgets the outputs of all steps.</summary>
    public void ForgetOutputs()
    {
        _stepOutputs.Clear();
        LastResult = null;
    }

    /// <summary>An output of the last step of an activity, <c>result</c> when no name is given; null when it has not given one.</summary>
    /// <exception cref="WorkflowException">Unknown activity.</exception>
    public JsonNode? ReadOutput(string activityNameOrId, string? output)
    {
        var activities = Definition.Root.Activities;
        var activity = activities.FirstOrDefault(activity => activity.Name == activityNameOrId)
            ?? activities.FirstOrDefault(activity => activity.Id == activityNameOrId)
            ?? throw new WorkflowException($"Unknown activity '{activityNameOrId}'. Known: {List(activities.Select(activity => activity.Label))}.");
        return _stepOutputs.TryGetValue(activity.Id, out var outputs) ? WorkflowJson.Find(outputs, output ?? "result") : null;
    }

    private Variable FindVariable(string nameOrId) =>
        Find(Definition, nameOrId)
        ?? throw new WorkflowException($"Unknown variable '{nameOrId}'. Known: {List(Definition.AllVariables.Select(variable => variable.Name))}. Declare it in the workflow's variables.");

    private WorkflowInput FindInput(string name) =>
        Definition.Inputs.FirstOrDefault(input => input.Name == name)
        ?? throw new WorkflowException($"Unknown workflow input '{name}'. Known: {List(Definition.Inputs.Select(input => input.Name))}. Declare it in the workflow's inputs.");

    public static Variable? Find(WorkflowDefinition definition, string nameOrId) =>
        definition.AllVariables.FirstOrDefault(variable => variable.Id == nameOrId)
        ?? definition.AllVariables.FirstOrDefault(variable => variable.Name == nameOrId);

    private static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none";
}
