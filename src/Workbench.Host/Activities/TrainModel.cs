using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Training;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Trains a tabular model as the notebook 02-train does, and registers it.</summary>
internal sealed class TrainModel(ModelRegistry registry) : StepActivity<TrainModelOptions>
{
    public const string Type = "Workbench.TrainModel";

    protected override async Task<StepResult> RunAsync(TrainModelOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var job = new TabularJob(options, TrainingOf(options), Console.Out);
        var experiment = options.Experiment ?? options.ModelName;
        if (await TrainingRun.FindAsync(registry, experiment, options.ModelName, step, cancellationToken) is { } earlier)
            return Result(earlier, "Registered by an earlier attempt.");
        var run = await TrainingRun.StartAsync(registry, experiment, step, job.Parameters, cancellationToken);
        var (version, message) = await run.EndWithAsync(async () =>
        {
            using var trained = job.Fit(cancellationToken);
            return await job.RegisterAsync(registry, run.Id, trained, step.Key, $"Trained by the step '{step.ActivityName}' of the workflow {step.DefinitionId}.", cancellationToken);
        });
        return Result(version, message);
    }

    private static StepResult Result(ModelVersion version, string message) => new()
    {
        Outputs = new JsonObject
        {
            ["version"] = version.Version, ["runId"] = version.RunId?.Value,
            ["metrics"] = new JsonObject(version.Metrics.Where(metric => double.IsFinite(metric.Value)).Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
        },
        Message = message,
    };

    /// <summary>What the trainer is given.</summary>
    /// <exception cref="WorkflowException">Lists every setting that is wrong.</exception>
    internal static TabularTrainingOptions TrainingOf(TrainModelOptions options)
    {
        var widths = options.HiddenSizes.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? width : (int?)null).ToList();
        if (widths.Contains(null))
            throw new WorkflowException($"The input 'hiddenSizes' is [{string.Join(", ", options.HiddenSizes)}]; it takes whole numbers, such as 64 and 32.");
        var training = new TabularTrainingOptions
        {
            Architecture = ArchitectureOf(options.Family), HiddenSizes = options.Family == ModelFamily.TabularNetwork ? [.. widths.OfType<int>()] : [],
            Width = options.Width, Blocks = options.Blocks, Heads = options.Heads, BalanceClasses = options.BalanceClasses,
            Trees = new() { Rounds = options.Rounds, Leaves = options.Leaves, LearningRate = options.TreeLearningRate, MinimumLeafRows = options.MinimumLeafRows },
            Preprocessing = new() { MissingNumbers = options.MissingNumbers, MissingIndicators = options.MissingIndicators, MinimumCategoryRows = options.MinimumCategoryRows },
            MaxEpochs = options.Epochs, Patience = options.Patience, BatchSize = options.BatchSize, LearningRate = options.LearningRate, WeightDecay = options.WeightDecay,
            Dropout = options.Dropout, Seed = options.Seed, Device = options.Device,
        };
        return training.Validate() is { Count: > 0 } problems ? throw new WorkflowException($"The model cannot be trained so. {string.Join(' ', problems)}") : training;
    }

    private static TabularArchitecture ArchitectureOf(ModelFamily family) => family switch
    {
        ModelFamily.Linear => TabularArchitecture.Linear,
        ModelFamily.ResidualMlp => TabularArchitecture.ResidualMlp,
        ModelFamily.FtTransformer => TabularArchitecture.FtTransformer,
        ModelFamily.LightGbm => TabularArchitecture.LightGbm,
        ModelFamily.FastTree => TabularArchitecture.FastTree,
        _ => TabularArchitecture.Mlp,
    };
}
