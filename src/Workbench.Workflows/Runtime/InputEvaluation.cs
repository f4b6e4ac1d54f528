using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Evaluates the inputs of an activity when its turn comes.</summary>
internal static class InputEvaluation
{
    /// <summary>Values by camelCase name: those that the activity gives, and the type's defaults for the others.</summary>
    /// <exception cref="WorkflowException">A value cannot be evaluated or is missing; names the input.</exception>
    public static JsonObject Evaluate(Activity activity, ActivityDescriptor descriptor, ExpressionScope scope)
    {
        var values = new JsonObject();
        foreach (var input in activity.Inputs)
        {
            var known = descriptor.Inputs.FirstOrDefault(known => string.Equals(known.Name, input.Name, StringComparison.OrdinalIgnoreCase));
            values[input.Name] = Evaluate(input, known?.TypeName ?? input.TypeName, scope);
        }
        foreach (var known in descriptor.Inputs)
            FillIn(values, known);
        return values;
    }

    private static JsonNode? Evaluate(ActivityInput input, string typeName, ExpressionScope scope)
    {
        try
        {
            return ExpressionEvaluator.Evaluate(input.Expression, typeName, scope);
        }
        catch (WorkflowException failure)
        {
            throw new WorkflowException($"Input '{input.Name}': {failure.Message}", failure);
        }
    }

    private static void FillIn(JsonObject values, InputDescriptor known)
    {
        if (WorkflowJson.Find(values, known.Name) is not null)
            return;
        var name = WorkflowJson.CamelCase(known.Name);
        if (known.DefaultValue is not null)
            values[name] = known.DefaultValue.DeepClone();
        else if (known.IsRequired)
            throw new WorkflowException($"Input '{name}' has no value. Give it a {known.TypeName}.");
    }
}
