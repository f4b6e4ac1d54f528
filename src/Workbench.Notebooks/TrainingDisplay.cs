using System.Globalization;
using Workbench.Training;

namespace Workbench.Notebooks;

/// <summary>Shows a training while it runs: a bar with the losses, and their curves. Give it to a trainer as its progress. Thread-safe.</summary>
public sealed class TrainingDisplay : IProgress<TrainingProgress>, IProgress<TrainingEvent>
{
    private readonly string _title;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private ProgressDisplay? _bar;
    private LiveChart? _chart;
    private string _validation = "";
    private double? _loss;

    internal TrainingDisplay(string title, TimeProvider clock) => (_title, _clock) = (title, clock);

    /// <summary>Shows the epoch that just ended.</summary>
    public void Report(TrainingProgress value)
    {
        lock (_lock)
        {
            _bar ??= new(_title, value.MaxEpochs, _clock);
            _chart ??= new(_title, "epoch", "loss", ["training", "validation"], _clock);
            _bar.Report(value.Latest.Epoch, string.Create(CultureInfo.InvariantCulture,
                $"epochs at most; loss {value.Latest.TrainingLoss:G4}, validation {value.Latest.ValidationLoss:G4}{(value.Latest.ValidationAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy:P1}") : "")}, best epoch {value.BestEpoch}"));
            _chart.Add(value.Latest.Epoch, value.Latest.TrainingLoss, value.Latest.ValidationLoss);
        }
    }

    /// <summary>Shows what a <see cref="TrainingLoop"/> reports: its losses over the steps, the rest beside the bar.</summary>
    public void Report(TrainingEvent value)
    {
        lock (_lock)
        {
            switch (value)
            {
                case TrainingEvent.Progress progress:
                    Bar(progress.TotalSteps).Report(progress.Step, string.Create(CultureInfo.InvariantCulture,
                        $"epoch {progress.Epoch}, loss {progress.Loss:G4}{_validation}, learning rate {progress.LearningRate:G3}, {progress.RowsPerSecond:N0} rows/s"));
                    _loss = progress.Loss;
                    Steps().Add(progress.Step, progress.Loss, double.NaN);
                    break;
                case TrainingEvent.Validated validated:
                    _validation = string.Create(CultureInfo.InvariantCulture, $", validation {validated.Result.Loss:G4} (best at step {validated.BestStep})");
                    // The mean since the last validation is another figure than the last steps' mean, and a jump in the line.
                    Steps().Add(validated.Step, _loss ?? validated.TrainingLoss, validated.Result.Loss);
                    break;
                case TrainingEvent.Resumed resumed:
                    Bar(null).Report(resumed.Step, $"resumed from {resumed.Path}");
                    break;
                case TrainingEvent.CheckpointDamaged damaged:
                    Console.WriteLine(damaged.Reason);
                    break;
            }
        }
    }

    private ProgressDisplay Bar(long? total) => _bar ??= new(_title, total, _clock);

    private LiveChart Steps() => _chart ??= new(_title, "step", "loss", ["training", "validation"], _clock);
}
