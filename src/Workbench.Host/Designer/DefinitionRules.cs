using Workbench.Host.Activities;
using Workbench.Host.Scheduling;
using Workbench.Workflows;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Designer;

/// <summary>All that this host finds wrong with a definition: the engine's rules, and what its scheduler cannot do.</summary>
internal static class DefinitionRules
{
    /// <summary>Errors first; a definition without errors can be published.</summary>
    public static IReadOnlyList<Finding> Validate(WorkflowDefinition definition)
    {
        var findings = WorkflowValidator.Validate(definition, StepActivities.Catalog);
        // What the engine cannot read, the scheduler cannot either: once is enough.
        var crons = Crons(definition).Where(cron => !findings.Any(finding => finding.ActivityId == cron.ActivityId && finding.Rule == cron.Rule));
        return [.. findings.Concat(crons).OrderByDescending(finding => finding.Severity)];
    }

    public static bool Forbids(IEnumerable<Finding> findings) => findings.Any(finding => finding.Severity == FindingSeverity.Error);

    private static IEnumerable<Finding> Crons(WorkflowDefinition definition) =>
        from activity in definition.Root.Activities
        where activity.Type == WorkflowSchedules.CronActivity
        let problem = Check(activity.Input("cronExpression")?.Expression)
        where problem is not null
        select new Finding(FindingSeverity.Error, "cron", activity.Id, activity.Label, problem);

    private static string? Check(Expression? expression)
    {
        // A missing expression is reported by the engine's rule for required inputs.
        if (expression is not { Type: Expression.Literal, Value: { } value } || value.ToString() is not { Length: > 0 } text)
            return null;
        try
        {
            CronSyntax.ToQuartz(text);
            return null;
        }
        catch (WorkflowException failure)
        {
            return failure.Message;
        }
    }
}
