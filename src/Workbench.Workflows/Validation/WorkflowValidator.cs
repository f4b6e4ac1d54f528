using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>Checks a definition before it runs.</summary>
public static class WorkflowValidator
{
    private static readonly IReadOnlyList<Func<ValidationSubject, IEnumerable<Finding>>> Rules =
    [
        RangeRules.HasLiteralsInRange,
        ShapeRules.HasRoot, ShapeRules.HasStart, ShapeRules.HasUniqueIds, ShapeRules.KnowsActivityTypes,
        ShapeRules.ConnectsKnownActivities, ShapeRules.ConnectsKnownPorts, ShapeRules.ReachesEveryActivity,
        ShapeRules.LeavesEveryCycle, ShapeRules.JoinsWhatAlwaysArrives,
        ValueRules.HasRequiredInputs, ValueRules.KnowsInputs, ValueRules.KnowsExpressionTypes, ValueRules.KnowsReferences,
        ValueRules.HasRightLiterals, ValueRules.BindsOutputs, ValueRules.SetsKnownVariables, ValueRules.HasBranchesAndCases,
        ValueRules.HasRightSettings, ValueRules.HasInputsThatGoTogether, ValueRules.HasRightDefaults,
        TypeRules.FitsReferences, TypeRules.FitsOutputs, TypeRules.FitsAssignments,
        WaitRules.KnowsSchedules, WaitRules.HasTimesAboveZero, WaitRules.KnowsListChoices, WaitRules.HasNoPolicies, WaitRules.SetsDeclaredOutputs,
        TriggerRules.HasRightEntries, TriggerRules.HasRightPolicies, TriggerRules.GivesInputs, TriggerRules.WaitsForOtherWorkflows,
    ];

    /// <summary>
    /// Everything that is wrong with the definition, errors first; empty when nothing is. A definition without errors
    /// can be published.
    /// </summary>
    public static IReadOnlyList<Finding> Validate(WorkflowDefinition definition, ActivityCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(catalog);
        var subject = new ValidationSubject(definition, catalog, new FlowchartGraph(definition.Root, catalog));
        return [.. Rules.SelectMany(rule => rule(subject)).Distinct().OrderByDescending(finding => finding.Severity)];
    }
}
