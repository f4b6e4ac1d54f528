using Workbench.Host.Activities;
using Workbench.Host.Triggers;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Designer;

/// <summary>All that this host finds wrong with a definition: the engine's rules, and those of the triggers that only the host knows.</summary>
internal static class DefinitionRules
{
    /// <summary>Errors first; a definition without errors can be published.</summary>
    public static IReadOnlyList<Finding> Validate(WorkflowDefinition definition) =>
        [.. WorkflowValidator.Validate(definition, StepActivities.Catalog).Concat(TriggerEntryRules.Check(definition)).OrderByDescending(finding => finding.Severity)];

    public static bool Forbids(IEnumerable<Finding> findings) => findings.Any(finding => finding.Severity == FindingSeverity.Error);
}
