using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Checks a step's result against its activity and writes the bound outputs to their variables.</summary>
internal static class OutputBinding
{
    /// <exception cref="WorkflowException">Unknown outcome, a bound output that is missing, or a value of the wrong type.</exception>
    public static void Apply(Activity activity, ActivityDescriptor descriptor, StepResult result, ExpressionScope scope)
    {
        if (!descriptor.HasOpenOutcomes && !descriptor.Outcomes.Contains(result.Outcome))
            throw new WorkflowException($"The step ended with the unknown outcome '{result.Outcome}'. {NearestName.Suggest(result.Outcome, descriptor.Outcomes)}");
        foreach (var output in activity.Outputs)
        {
            var given = result.Outputs.Where(pair => string.Equals(pair.Key, output.Name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (given.Count == 0)
                throw new WorkflowException(
                    $"The step gave no output '{output.Name}', which is bound to the variable '{output.VariableId}'. {NearestName.Suggest(output.Name, result.Outputs.Select(pair => pair.Key))}");
            scope.SetVariable(output.VariableId, given[0].Value);
        }
    }
}
