using System.Globalization;
using Workbench.Training;

namespace Workbench.Notebooks;

/// <summary>Shows a training while it runs: a bar with the losses, and their curves. Give it to a trainer as its progress. Thread-safe.</summary>
public sealed class TrainingDisplay : IProgress<TrainingProgress>
{
    private readonly string _title;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private ProgressDisplay? _bar;
    private LiveChart? _chart;

    internal TrainingDisplay(string title, TimeProvider clock) => (_title, _clock) = (title, clock);

    /// <summary>Shows the epoch that just ended.</summary>
    public void Report(TrainingProgress value)
    {
        lock (_lock)
        {
            _bar ??= new(_title, value.MaxEpochs, _clock);
            _chart ??= new(_title, "epoch", "loss (nats)", ["training", "validation"], _clock);
            _bar.Report(value.Latest.Epoch, string.Create(CultureInfo.InvariantCulture,
                $"epochs at most; loss {value.Latest.TrainingLoss:G4}, validation {value.Latest.ValidationLoss:G4}, accuracy {value.Latest.ValidationAccuracy:P1}, best epoch {value.BestEpoch}"));
            _chart.Add(value.Latest.Epoch, value.Latest.TrainingLoss, value.Latest.ValidationLoss);
        }
    }
}
