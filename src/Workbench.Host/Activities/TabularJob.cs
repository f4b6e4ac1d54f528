using System.Globalization;
using Workbench.Data;
using Workbench.Drift.Expectations;
using Workbench.Registry;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Host.Activities;

/// <summary>Reads a table, trains a model on it and registers it: what the activity and the command <c>train</c> have in common.</summary>
/// <param name="options">Which rows and which model.</param>
/// <param name="training">How it is trained, see <see cref="TrainModel.TrainingOf"/>.</param>
/// <param name="output">Gets what is trained and each epoch.</param>
internal sealed class TabularJob(TrainModelOptions options, TabularTrainingOptions training, TextWriter output)
{
    private readonly string _path = Path.GetFullPath(options.Data, ProjectFolder.Current);

    /// <summary>What a run and a version keep of it.</summary>
    public SortedDictionary<string, string> Parameters { get; } = ParametersOf(options, training);

    /// <summary>Gets each epoch beside <c>output</c>; null tells nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Trains. On several ranks each calls it, and each has the same model afterwards.</summary>
    /// <exception cref="DataException">The rows are not as needed, or not as expected of them.</exception>
    /// <exception cref="TrainingException">It cannot be trained.</exception>
    public TrainedTable Fit(CancellationToken cancellationToken)
    {
        if (options.Expectations is { } expectations)
            DataExpectations.Load(Path.GetFullPath(expectations, ProjectFolder.Current)).Require(_path, ReplayClock.FromEnvironment(), cancellationToken: cancellationToken);
        var rows = TrainingTable.Read(options, _path, output);
        output.WriteLine($"{rows.Fitting.Rows} rows to fit, {rows.Validation.Rows} to stop, {rows.Holdout.Rows} held out; {string.Join(", ", rows.Training.Schema.Inputs)}");
        using var timeline = new RunTimeline(training.Timeline?.Path);
        var model = TabularTrainer.Fit(rows.Fitting, rows.Validation, training with { Timeline = timeline.Options }, new Epochs(output, Progress), cancellationToken);
        return new(model, rows.Training, rows.Holdout, timeline.Read());
    }

    /// <summary>Logs the epochs and what the model is measured at on the rows it never saw, and registers it.</summary>
    /// <returns>The version, and a sentence about it.</returns>
    public async Task<(ModelVersion Version, string Message)> RegisterAsync(ModelRegistry registry, RunId run, TrainedTable table, string? key, string description, CancellationToken cancellationToken)
    {
        var (trained, holdout) = (table.Model, table.Holdout);
        await LogEpochsAsync(registry, run, trained, cancellationToken);
        await RunTimeline.KeepAsync(registry, run, table.Timeline, cancellationToken);
        using var folder = new ScratchFolder();
        var export = OnnxExporter.Export(trained, Path.Combine(folder.Path, ModelFiles.Onnx));
        holdout.Save(Directory.CreateDirectory(Path.Combine(folder.Path, ModelFiles.Holdout)).FullName);
        table.Training.Save(Directory.CreateDirectory(Path.Combine(folder.Path, ModelFiles.Reference)).FullName);
        var (measured, words) = TrainingMetrics.Measure(trained, holdout);
        var metrics = new Dictionary<string, double>(measured)
        {
            ["holdout_rows"] = holdout.Rows, ["training_rows"] = table.Training.Rows, ["onnx_max_difference"] = export.MaxAbsoluteDifference,
        };
        foreach (var (name, value) in metrics)
            await registry.LogMetricAsync(run, name, value, cancellationToken: cancellationToken);
        var version = await registry.RegisterAsync(new NewModelVersion
        {
            Name = options.ModelName, Files = NewModelVersion.FilesIn(folder.Path), RunId = run, Metrics = metrics, Parameters = Parameters, IdempotencyKey = key,
            DataHash = DataSnapshot.Hash([Path.Combine(folder.Path, ModelFiles.Reference, "data.parquet")]),
            Tags = new Dictionary<string, string> { [ModelFiles.WeightsHashTag] = trained.WeightsHash, ["trained_on"] = trained.TrainedOn },
            Description = description,
        }, cancellationToken);
        return (version, string.Create(CultureInfo.InvariantCulture,
            $"{options.ModelName} v{version.Version}: {words} on {holdout.Rows} rows, best {(trained.Trees is null ? "epoch" : "round")} {trained.BestEpoch} of {trained.History.Count} on {trained.TrainedOn}, ONNX differs by at most {export.MaxAbsoluteDifference:E1}."));
    }

    private static async Task LogEpochsAsync(ModelRegistry registry, RunId run, TrainedTabularModel trained, CancellationToken cancellationToken)
    {
        long last = await TrainingRun.LastStepAsync(registry, run, "training_loss", cancellationToken); // of an attempt that died while it logged
        foreach (var epoch in trained.History.Where(epoch => epoch.Epoch > last))
        {
            var figures = new Dictionary<string, double> { ["training_loss"] = epoch.TrainingLoss, ["validation_loss"] = epoch.ValidationLoss };
            if (epoch.ValidationAccuracy is { } accuracy)
                figures["validation_accuracy"] = accuracy;
            await registry.LogMetricsAsync(run, figures, epoch.Epoch, cancellationToken);
        }
    }

    private static SortedDictionary<string, string> ParametersOf(TrainModelOptions options, TabularTrainingOptions training)
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

    private sealed class Epochs(TextWriter output, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"epoch {value.Latest.Epoch} of at most {value.MaxEpochs}: training loss {value.Latest.TrainingLoss:F4}, validation loss {value.Latest.ValidationLoss:F4}{Accuracy(value.Latest)}; best {value.BestEpoch}"));
            next?.Report(value);
        }

        private static string Accuracy(EpochResult epoch) =>
            epoch.ValidationAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy:F4}") : "";
    }
}
