using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Jobs;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Fine-tunes a language model as the notebook 05-finetune does, and registers it unless it forgot too much.</summary>
internal sealed class FineTune(ModelRegistry registry) : StepActivity<FineTuneOptions>
{
    public const string Type = "Workbench.FineTune";
    public const string Done = "Done";
    public const string Forgot = "Forgot";

    protected override async Task<StepResult> RunAsync(FineTuneOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var experiment = options.Experiment ?? options.ModelName;
        if (RankJob.Key is not null) // whoever supervises has looked for a version
            return await TrainAsync(options, experiment, step, cancellationToken);
        bool isJob = StepJob.IsAskedFor(options);
        if (await TrainingRun.FindAsync(registry, experiment, options.ModelName, step, isJob, cancellationToken) is { } earlier)
            return Result(earlier.Version, earlier.RunId, earlier.Metrics, "Registered by an earlier attempt.");
        return isJob ? await StepJob.RunAsync(options, registry, step, cancellationToken) : await TrainAsync(options, experiment, step, cancellationToken);
    }

    private async Task<StepResult> TrainAsync(FineTuneOptions options, string experiment, StepContext step, CancellationToken cancellationToken)
    {
        if (!RankJob.IsFirst)
        {
            TrainingRun.WaitForFirst();
            new FineTuneJob(options) { Checkpoints = RankJob.Checkpoints }.Follow(cancellationToken);
            return new();
        }
        var run = await TrainingRun.StartAsync(registry, experiment, step, FineTuneJob.Parameters(options), cancellationToken);
        return await run.EndWithAsync(() => TrainAsync(options, run, step, cancellationToken));
    }

    private async Task<StepResult> TrainAsync(FineTuneOptions options, TrainingRun run, StepContext step, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        FineTuneReport report;
        await using (var log = new TrainingLog(registry, run.Id))
        {
            var later = new LaterSteps(log, await TrainingRun.LastStepAsync(registry, run.Id, "training_loss", cancellationToken), await TrainingRun.LastStepAsync(registry, run.Id, "validation_loss", cancellationToken));
            report = new FineTuneJob(options) { Checkpoints = RankJob.Checkpoints }.Run(folder.Path, Console.WriteLine, new FineTuneProgress(Console.Out, TimeProvider.System, later), cancellationToken);   // the step's log file
        }
        await RunTimeline.KeepAsync(registry, run.Id, report.Timeline, cancellationToken);
        foreach (var (name, value) in report.Metrics)
            await registry.LogMetricAsync(run.Id, name, value, cancellationToken: cancellationToken);
        var result = report.Result;
        string message = string.Create(CultureInfo.InvariantCulture, $"perplexity on new text {result.NewBefore.Value:F3} -> {result.NewAfter.Value:F3}") +
            (result.Forgetting is { } forgotten ? string.Create(CultureInfo.InvariantCulture, $", on old text {result.OldBefore!.Value:F3} -> {result.OldAfter!.Value:F3} ({100 * forgotten:+0.0;-0.0;0.0} %)") : "");   // what was forgotten has both
        if (!result.IsWithinBound)
            return Result(null, run.Id, report.Metrics, string.Create(CultureInfo.InvariantCulture, $"{options.ModelName} is not registered: {message}; allowed is a rise of {100 * options.MaxForgetting:F1} %."), Forgot);
        var version = await FineTuneJob.RegisterAsync(registry, options, report, folder.Path, run.Id, step.Key,
            $"Fine-tuned by the step '{step.ActivityName}' of the workflow {step.DefinitionId}.", cancellationToken);
        return Result(version.Version, run.Id, version.Metrics, $"{options.ModelName} v{version.Version}: {message}.");
    }

    private static StepResult Result(int? version, RunId? run, IReadOnlyDictionary<string, double> metrics, string message, string outcome = Done) => new()
    {
        Outcome = outcome,
        Outputs = new JsonObject
        {
            ["version"] = version, ["runId"] = run?.Value,
            ["metrics"] = new JsonObject(metrics.Where(metric => double.IsFinite(metric.Value)).Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
        },
        Message = message,
    };
}
