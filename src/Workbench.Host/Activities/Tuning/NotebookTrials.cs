using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Running;
using Workbench.Registry;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>Runs the notebook for each trial, with its parameters; the value is a figure that the notebook shows.</summary>
internal sealed class NotebookTrials(ModelRegistry registry, string study, TuneTask task) : ITrialTask
{
    public async Task<double> RunAsync(ActiveTrial trial, CancellationToken cancellationToken)
    {
        await TrialRecord.CloseEarlierAsync(registry, trial, cancellationToken);
        using var folder = new ScratchFolder();
        var output = Path.Combine(folder.Path, "trial.ipynb");
        var run = Prepare(task, task.With(trial.Parameters), output);
        var recording = await NotebookRecording.StartAsync(registry, task.Experiment, run, task.Source, cancellationToken);
        var (status, error) = (RunStatus.Failed, (string?)"The run ended before its first cell.");
        try
        {
            await trial.NoteAsync(recording.Id.Value, cancellationToken);
            foreach (var (name, value) in TrialRecord.Tags(study, trial))
                await registry.SetTagAsync(recording.Id, name, value, cancellationToken);
            var result = await run.RunAsync(recording.Facts, new Dictionary<string, string> { [NotebookRecording.RunIdVariable] = recording.Id.Value }, cancellationToken: cancellationToken);
            double figure = result.Error is { } failure ? throw new TuningException($"The notebook failed: {failure}") : Figure(result);
            await registry.LogMetricAsync(recording.Id, task.Metric, figure, cancellationToken: cancellationToken);
            (status, error) = (RunStatus.Finished, null);
            return figure;
        }
        catch (Exception failure) // The edge of the run: it ends with the trial, whatever the end.
        {
            (status, error) = (failure is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed, failure.Message);
            throw;
        }
        finally
        {
            await recording.EndAsync(status, output, error);
        }
    }

    /// <summary>The run of a trial, checked: the notebook is read, its kernel found, its parameters injected.</summary>
    /// <exception cref="DataException">The notebook, its kernel or a parameter is not as needed.</exception>
    public static PreparedRun Prepare(TuneTask task, JsonObject parameters, string output)
    {
        var notebook = Path.GetFullPath(task.Source, ProjectFolder.Current);
        return NotebookRunner.Prepare(new()
        {
            InputPath = notebook, OutputPath = output, Parameters = parameters.ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone()),
            KernelCommand = NotebookCells.KernelCommand, Environment = NotebookCells.Environment(notebook), WorkingDirectory = Path.GetDirectoryName(notebook),
        });
    }

    private double Figure(NotebookRunResult result)
    {
        var figures = result.Figures;
        if (!figures.TryGetValue(task.Metric, out var value))
            throw new TuningException(figures.Count > 0
                ? $"The notebook shows no figure '{task.Metric}'.{Suggestion.DidYouMean(task.Metric, figures.Keys)} Its figures: {string.Join(", ", figures.Keys)}."
                : $"The notebook shows no figures. Show the metric in a cell: Display.Figures((\"{task.Metric}\", value)).");
        // NaN and infinity are texts there.
        return double.TryParse(value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw new TuningException($"The figure '{task.Metric}' is {value?.ToJsonString() ?? "null"}, which is no number.");
    }
}
