using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>The version that a run is pinned to, with its shape.</summary>
internal sealed record PinnedDefinition(WorkflowDefinition Definition, FlowchartGraph Graph)
{
    /// <summary>Whether a script may ask for what other steps gave: getOutputFrom, getLastResult.</summary>
    public bool ReadsStepOutputs { get; } = Definition.Root.Activities
        .SelectMany(activity => activity.Inputs.Select(input => input.Expression).Concat(OpenOutcomes.Cases(activity).Select(@case => @case.Condition)))
        .Any(expression => expression.Type == Expression.JavaScript && WorkflowJson.Text(expression.Value) is { } script
            && (script.Contains("getOutputFrom", StringComparison.Ordinal) || script.Contains("getLastResult", StringComparison.Ordinal)));
}
