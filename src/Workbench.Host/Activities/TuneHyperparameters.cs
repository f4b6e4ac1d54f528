using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Activities.Tuning;
using Workbench.Registry;
using Workbench.Training.Tuning;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Searches for the best parameters as <c>workbench tune</c> does; the step's key names its study.</summary>
internal sealed class TuneHyperparameters(ModelRegistry registry) : StepActivity<TuneHyperparametersOptions>
{
    public const string Type = "Workbench.TuneHyperparameters";

    protected override async Task<StepResult> RunAsync(TuneHyperparametersOptions options, StepContext step, CancellationToken cancellationToken)
    {
        if (!TunePlan.IsNotebook(options.Data) && options.Label is null)
            throw new WorkflowException("The input 'label' has no value; a table needs the column to predict. Set it on the activity.");
        var study = await Plan(options, step).OpenAsync(registry.Folder, cancellationToken);
        string metric = TuneTask.Of(study).Metric;
        // The step's log file is this process's standard output.
        bool isComplete = await new TuneSession(registry.Folder, study, metric, Console.Out).RunAsync(options.Trials, options.Workers, options.Timeout, cancellationToken);
        var trials = await study.TrialsAsync(cancellationToken);
        var best = study.BestOf(trials)
            ?? throw new WorkflowException($"No trial of the study '{study.Options.Name}' has a value{(isComplete ? "" : $" after {options.Timeout}")}. The last error: {trials.LastOrDefault(trial => trial.Error is not null)?.Error ?? "none"}");
        return new()
        {
            Outputs = new JsonObject { ["bestParameters"] = best.Parameters.DeepClone(), ["bestValue"] = best.Value, ["trials"] = trials.Count, ["study"] = study.Options.Name },
            Message = string.Create(CultureInfo.InvariantCulture, $"{metric} {best.Value:G6} in trial {best.Number} of {trials.Count}{(isComplete ? "" : ", the time being over")}: {best}"),
        };
    }

    private static TunePlan Plan(TuneHyperparametersOptions options, StepContext step)
    {
        var inputs = options.Settings.DeepClone().AsObject();
        foreach (var (name, value) in ((string, JsonNode?)[])[("label", options.Label), ("idColumn", options.IdColumn), ("where", options.Where)])
            if (value is not null)
                inputs[name] = value;
        if (options.LeaveOut.Count > 0)
            inputs["leaveOut"] = new JsonArray([.. options.LeaveOut.Select(column => JsonValue.Create(column))]);
        return new()
        {
            Source = options.Data, Study = options.Study ?? step.Key, Metric = options.Metric, Direction = options.Direction, Inputs = inputs,
            Space = options.Space.Count > 0 ? SearchSpace.Read(options.Space) : null, Experiment = options.Experiment ?? $"{step.DefinitionId} {step.ActivityName}",
            Sampler = options.Sampler, Pruner = options.Pruner, Seed = options.Seed,
        };
    }
}
