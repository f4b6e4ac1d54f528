using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Jobs;
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
        var training = TrainingOf(options);
        if (Problem(options.Family, options) is { } problem)
            throw new WorkflowException(problem);
        var experiment = options.Experiment ?? options.ModelName;
        if (RankJob.Key is not null) // whoever supervises has looked for a version
            return await TrainAsync(options, training with { Checkpoints = new() { Folder = RankJob.Checkpoints! } }, experiment, step, cancellationToken); // a job has both
        bool isJob = StepJob.IsAskedFor(options);
        if (await TrainingRun.FindAsync(registry, experiment, options.ModelName, step, isJob, cancellationToken) is { } earlier)
            return Result(earlier, "Registered by an earlier attempt.");
        return isJob ? await StepJob.RunAsync(options, registry, step, cancellationToken) : await TrainAsync(options, training, experiment, step, cancellationToken);
    }

    /// <summary>What forbids several ranks, or null.</summary>
    public static string? Problem(ModelFamily family, IStepJobOptions ranks) => !StepJob.HasSeveral(ranks) ? null : Problem(family, ranks.Hosts is null ? $"the input 'processes' asks for {ranks.Processes}. Set it to 1" : "the input 'hosts' names some. Leave it empty");

    /// <summary>What forbids several ranks, or null; <paramref name="asked"/> says who asks for them, and what to do instead.</summary>
    public static string? Problem(ModelFamily family, string asked) =>
        family is ModelFamily.LightGbm or ModelFamily.FastTree ? $"The family {family} grows in one process, and {asked}, or take a network." : null;

    /// <summary>What the literal inputs of an activity say that no step could do.</summary>
    public static IEnumerable<string> Problems(JsonObject literals) =>
        Enum.TryParse<ModelFamily>((string?)literals["family"], ignoreCase: true, out var family)
        && Problem(family, new TrainModelOptions { ModelName = "", Data = "", Label = "", Processes = (int?)literals["processes"] ?? 1, Hosts = (string?)literals["hosts"] is { Length: > 0 } hosts ? hosts : null }) is { } problem
            ? [problem] : [];

    private async Task<StepResult> TrainAsync(TrainModelOptions options, TabularTrainingOptions training, string experiment, StepContext step, CancellationToken cancellationToken)
    {
        var job = new TabularJob(options, training, RankJob.IsFirst ? Console.Out : TextWriter.Null);
        if (!RankJob.IsFirst)
        {
            TrainingRun.WaitForFirst();
            job.Fit(cancellationToken).Dispose();
            return new();
        }
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
