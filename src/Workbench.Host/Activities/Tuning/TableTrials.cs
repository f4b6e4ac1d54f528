using System.Text.Json.Nodes;
using Workbench.Features;
using Workbench.Registry;
using Workbench.Training;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>Trains a tabular model for each trial, whose parameters are inputs of TrainModel; after each epoch it reports the validation loss.</summary>
internal sealed class TableTrials(ModelRegistry registry, string study, TuneTask task) : ITrialTask
{
    private (string Key, TabularData Fitting, TabularData Validation)? _rows;

    public async Task<double> RunAsync(ActiveTrial trial, CancellationToken cancellationToken)
    {
        var inputs = task.With(trial.Parameters);
        var record = await TrialRecord.StartAsync(registry, study, task.Experiment, trial, inputs, cancellationToken);
        try
        {
            double? value = await TrainAsync(inputs, trial, record, cancellationToken);
            await record.EndAsync(value is null ? RunStatus.Killed : double.IsFinite(value.Value) ? RunStatus.Finished : RunStatus.Failed, value is null ? $"The trial was {trial.End?.ToString().ToLowerInvariant()}." : null);
            return value ?? double.NaN;
        }
        catch (Exception failure) // The edge of the run: it ends with the trial, whatever the end.
        {
            await record.EndAsync(failure is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed, failure.Message);
            throw;
        }
    }

    /// <summary>The options of one trial's training, checked.</summary>
    public static (TrainModelOptions Options, TabularTrainingOptions Training) OptionsOf(JsonObject inputs)
    {
        // The trials' runs belong to the study: no model is registered.
        var named = inputs.ContainsKey("modelName") ? inputs : new JsonObject(inputs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())).Append(KeyValuePair.Create("modelName", (JsonNode?)"trial")));
        var options = ActivityOptions.Read<TrainModelOptions>(named);
        return (options, TrainModel.TrainingOf(options));
    }

    // Null when the trial was pruned.
    private async Task<double?> TrainAsync(JsonObject inputs, ActiveTrial trial, TrialRecord record, CancellationToken cancellationToken)
    {
        var (options, training) = OptionsOf(inputs);
        var (_, fitting, validation) = Rows(options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var epochs = new Epochs(trial, stop);
        TrainedTabularModel? trained = null;
        try
        {
            // The trainer works and calls back on a thread of its own.
            trained = await Task.Run(() => TabularTrainer.Fit(fitting, validation, training, epochs, stop.Token), CancellationToken.None);
        }
        catch (OperationCanceledException) when (trial.End is not null)
        {
            // The last report ended the trial.
        }
        using (trained)
        {
            foreach (var epoch in epochs.All)
                await record.LogAsync(TableMetrics.Reported, epoch.ValidationLoss, epoch.Epoch);
            if (trained is null || trial.End is not null)
                return null;
            var values = TableMetrics.Measure(trained, validation, task.Metric);
            foreach (var (name, value) in values.Where(pair => pair.Key != TableMetrics.Reported))
                await record.LogAsync(name, value, trained.BestEpoch);
            return values.TryGetValue(task.Metric, out double wanted) ? wanted
                : throw new TuningException($"The {validation.Rows} validation rows do not define {task.Metric}. Choose another metric, or a larger share with -p validation.");
        }
    }

    // Read again only when a parameter changes what is read, such as the features.
    private (string Key, TabularData Fitting, TabularData Validation) Rows(TrainModelOptions options)
    {
        var key = System.Text.Json.JsonSerializer.Serialize(new { options.Data, options.Label, options.Features, options.LeaveOut, options.IdColumn, options.Where, options.Holdout, options.Validation });
        if (_rows?.Key == key)
            return _rows.Value;
        var rows = TrainingTable.Read(options, Path.GetFullPath(options.Data, ProjectFolder.Current));
        _rows = (key, rows.Fitting, rows.Validation);
        return _rows.Value;
    }

    private sealed class Epochs(ActiveTrial trial, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public List<EpochResult> All { get; } = [];

        public void Report(TrainingProgress value)
        {
            All.Add(value.Latest);
            // The trainer waits: a trial that is pruned trains no further.
            if (trial.ReportAsync(value.Latest.Epoch, value.Latest.ValidationLoss, stop.Token).GetAwaiter().GetResult() != TrialVerdict.Continue)
                stop.Cancel();
        }
    }
}
