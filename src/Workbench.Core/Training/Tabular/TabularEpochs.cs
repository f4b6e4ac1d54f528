namespace Workbench.Training.Tabular;

/// <summary>Writes down what the training loop's validations measured, one an epoch, and passes it on.</summary>
internal sealed class TabularEpochs(int maxEpochs, IProgress<TrainingProgress>? progress) : IProgress<TrainingEvent>
{
    private readonly List<EpochResult> _history = [];

    /// <summary>One result an epoch, in order.</summary>
    public IReadOnlyList<EpochResult> History => _history;

    /// <summary>The epoch whose weights the loop keeps.</summary>
    public int BestEpoch { get; private set; }

    public void Report(TrainingEvent value)
    {
        if (value is TrainingEvent.Resumed { Validations: var earlier })
            foreach (var one in earlier)
                Add(one);
        if (value is not TrainingEvent.Validated validated)
            return;
        Add(validated);
        progress?.Report(new() { Latest = _history[^1], MaxEpochs = maxEpochs, BestEpoch = BestEpoch });
    }

    private void Add(TrainingEvent.Validated validated)
    {
        double? accuracy = validated.Result.Metrics is { } metrics && metrics.TryGetValue(TrainingRows.Accuracy, out double share) ? share : null;
        _history.Add(new() { Epoch = validated.Epoch, TrainingLoss = validated.TrainingLoss, ValidationLoss = validated.Result.Loss, ValidationAccuracy = accuracy });
        if (validated.IsBest)
            BestEpoch = validated.Epoch;
    }
}
