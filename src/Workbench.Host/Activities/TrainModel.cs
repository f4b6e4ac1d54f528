using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Drift.Expectations;
using Workbench.Registry;
using Workbench.Serving.Export;
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
        var experiment = options.Experiment ?? options.ModelName;
        if (await TrainingRun.FindAsync(registry, experiment, options.ModelName, step, cancellationToken) is { } earlier)
            return Result(earlier, "Registered by an earlier attempt.");
        var parameters = Parameters(options, training);
        var run = await TrainingRun.StartAsync(registry, experiment, step, parameters, cancellationToken);
        try
        {
            var (version, message) = await TrainAsync(options, training, parameters, run, step, cancellationToken);
            await run.EndAsync(RunStatus.Finished);
            return Result(version, message);
        }
        catch (Exception failure) // The edge of the run: it ends with the step, whatever the end.
        {
            await run.EndAsync(failure is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed, failure.Message);
            throw;
        }
    }

    private async Task<(ModelVersion Version, string Message)> TrainAsync(
        TrainModelOptions options, TabularTrainingOptions training, IReadOnlyDictionary<string, string> parameters, TrainingRun run, StepContext step, CancellationToken cancellationToken)
    {
        if (options.Expectations is { } expectations)
            DataExpectations.Load(Path.GetFullPath(expectations, ProjectFolder.Current)).Require(Path.GetFullPath(options.Data, ProjectFolder.Current), ReplayClock.FromEnvironment(), cancellationToken: cancellationToken);
        var rows = TrainingTable.Read(options, Path.GetFullPath(options.Data, ProjectFolder.Current));
        Console.WriteLine($"{rows.Fitting.Rows} rows to fit, {rows.Validation.Rows} to stop, {rows.Holdout.Rows} held out; {string.Join(", ", rows.Training.Schema.Inputs)}");
        using var trained = TabularTrainer.Fit(rows.Fitting, rows.Validation, training, new Epochs(), cancellationToken);
        foreach (var epoch in trained.History)
        {
            await registry.LogMetricAsync(run.Id, "training_loss", epoch.TrainingLoss, epoch.Epoch, cancellationToken);
            await registry.LogMetricAsync(run.Id, "validation_loss", epoch.ValidationLoss, epoch.Epoch, cancellationToken);
            if (epoch.ValidationAccuracy is { } accuracy)
                await registry.LogMetricAsync(run.Id, "validation_accuracy", accuracy, epoch.Epoch, cancellationToken);
        }
        using var folder = new TemporaryFolder();
        var export = OnnxExporter.Export(trained, Path.Combine(folder.Path, ModelFiles.Onnx));
        rows.Holdout.Save(Directory.CreateDirectory(Path.Combine(folder.Path, ModelFiles.Holdout)).FullName);
        rows.Training.Save(Directory.CreateDirectory(Path.Combine(folder.Path, ModelFiles.Reference)).FullName);
        var (measured, words) = TrainingMetrics.Measure(trained, rows.Holdout);
        var metrics = new Dictionary<string, double>(measured)
        {
            ["holdout_rows"] = rows.Holdout.Rows, ["training_rows"] = rows.Training.Rows, ["onnx_max_difference"] = export.MaxAbsoluteDifference,
        };
        foreach (var (name, value) in metrics)
            await registry.LogMetricAsync(run.Id, name, value, cancellationToken: cancellationToken);
        var version = await registry.RegisterAsync(new NewModelVersion
        {
            Name = options.ModelName, Files = NewModelVersion.FilesIn(folder.Path), RunId = run.Id, Metrics = metrics, Parameters = parameters, IdempotencyKey = step.Key,
            DataHash = DataSnapshot.Hash([Path.Combine(folder.Path, ModelFiles.Reference, "data.parquet")]),
            Tags = new Dictionary<string, string> { [ModelFiles.WeightsHashTag] = trained.WeightsHash, ["trained_on"] = trained.TrainedOn },
            Description = $"Trained by the step '{step.ActivityName}' of the workflow {step.DefinitionId}.",
        }, cancellationToken);
        return (version, string.Create(CultureInfo.InvariantCulture,
            $"{options.ModelName} v{version.Version}: {words} on {rows.Holdout.Rows} rows, best {(trained.Trees is null ? "epoch" : "round")} {trained.BestEpoch} of {trained.History.Count} on {trained.TrainedOn}, ONNX differs by at most {export.MaxAbsoluteDifference:E1}."));
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

    private static SortedDictionary<string, string> Parameters(TrainModelOptions options, TabularTrainingOptions training)
    {
        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
        return new(StringComparer.Ordinal)
        {
            ["family"] = options.Family.ToString(), ["data"] = options.Data, ["label"] = options.Label, ["features"] = options.Features.Count > 0 ? string.Join(", ", options.Features) : "all",
            ["leaveOut"] = string.Join(", ", options.LeaveOut), ["idColumn"] = options.IdColumn ?? "", ["where"] = options.Where ?? "", ["holdout"] = Text(options.Holdout),
            ["validation"] = Text(options.Validation), ["epochs"] = Text(options.Epochs), ["patience"] = Text(options.Patience), ["batchSize"] = Text(options.BatchSize),
            ["learningRate"] = Text(options.LearningRate), ["weightDecay"] = Text(options.WeightDecay), ["dropout"] = Text(options.Dropout),
            ["hiddenSizes"] = string.Join(", ", training.HiddenSizes), ["seed"] = Text(options.Seed), ["device"] = options.Device,
            ["task"] = options.Task?.ToString() ?? "", ["positive"] = options.Positive ?? "", ["width"] = Text(options.Width), ["blocks"] = Text(options.Blocks), ["heads"] = Text(options.Heads),
            ["balanceClasses"] = options.BalanceClasses.ToString(), ["rounds"] = Text(options.Rounds), ["leaves"] = Text(options.Leaves), ["treeLearningRate"] = Text(options.TreeLearningRate),
            ["minimumLeafRows"] = Text(options.MinimumLeafRows), ["missingNumbers"] = options.MissingNumbers.ToString(), ["missingIndicators"] = options.MissingIndicators.ToString(),
            ["minimumCategoryRows"] = Text(options.MinimumCategoryRows), ["expectations"] = options.Expectations ?? "",
        };
    }

    // The step's log file is this process's standard output.
    private sealed class Epochs : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"epoch {value.Latest.Epoch} of at most {value.MaxEpochs}: training loss {value.Latest.TrainingLoss:F4}, validation loss {value.Latest.ValidationLoss:F4}{Accuracy(value.Latest)}; best {value.BestEpoch}"));

        private static string Accuracy(EpochResult epoch) =>
            epoch.ValidationAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy:F4}") : "";
    }
}
