using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

internal sealed partial class RunAdvance
{
    private JsonObject? _triggerOutputs; // Set while the trigger that the run starts at is passed.

    private async Task RunInlineAsync(StepRow step, Activity activity, JsonObject inputs)
    {
        if (step.Error is { } problem)
            throw new WorkflowException(problem);
        if (_triggerOutputs is { } fired)
            await PassTriggerAsync(step, activity, fired);
        else if (WaitingActivities.Plan(activity, FindDescriptor(activity), inputs, _transaction.Now) is { } wait)
            await SuspendAsync(step, wait);
        else
            await EndInlineAsync(step, InlineActivities.Run(activity, inputs, _scope));
        if (_catalog.Find(activity.Type) is not { IsTerminal: true })
            return;
        await CancelAsync(_ => true, $"The run ended at '{activity.Label}'.");
        _machine.Clear();
    }

    private Task EndInlineAsync(StepRow step, InlineResult result)
    {
        step.Message = result.Message;
        return CompleteAsync(step, result.Outcomes);
    }

    /// <summary>The trigger that the run starts at is done; outputs that it was not given are null.</summary>
    private Task PassTriggerAsync(StepRow step, Activity activity, JsonObject given)
    {
        _triggerOutputs = null;
        var outputs = new JsonObject();
        foreach (var output in FindDescriptor(activity).Outputs)
            outputs[WorkflowJson.CamelCase(output.Name)] = WorkflowJson.Find(given, output.Name)?.DeepClone();
        ApplyOutputs(step, activity, new() { Outputs = outputs });
        return CompleteAsync(step, ["Done"]);
    }

    private async Task SuspendAsync(StepRow step, Wait wait)
    {
        step.Status = nameof(StepStatus.Suspended);
        await _transaction.SaveStepAsync(step);
        await WaitRows.InsertAsync(_transaction, step, wait);
        await _transaction.AddEventAsync(_run, step, nameof(StepStatus.Suspended), WaitRows.Describe(wait));
    }

    private void ApplyOutputs(StepRow step, Activity activity, StepResult result)
    {
        OutputBinding.Apply(activity, FindDescriptor(activity), result, _scope);
        _scope.Remember(activity.Id, result.Outputs);
        step.Outputs = WorkflowJson.Write(result.Outputs);
        step.Message = result.Message ?? step.Message;
        step.Error = null;
    }
}
