namespace Workbench.Training.Checkpoints;

/// <summary>The part of a training's state that is not tensors.</summary>
internal sealed record CheckpointCard
{
    public required long Step { get; init; }
    public required int Epoch { get; init; }
    /// <summary>Batches of the epoch that are done.</summary>
    public required long Batches { get; init; }
    /// <summary><see cref="IBatchSource.Description"/>.</summary>
    public required string Source { get; init; }
    public required int AccumulationSteps { get; init; }
    public required string Optimizer { get; init; }
    public required double LossScale { get; init; }
    public required int StepsSinceScaleChange { get; init; }
    public required double PlateauFactor { get; init; }
    public required int PlateauWait { get; init; }
    public required double? PlateauBest { get; init; }
    /// <summary>Sum of losses and of weights since the last validation.</summary>
    public required LossSum Loss { get; init; }
    /// <summary>The same since the epoch's beginning.</summary>
    public required LossSum EpochLoss { get; init; }
    public required ValidationResult? Best { get; init; }
    public required long BestStep { get; init; }
    public required int ValidationsSinceBest { get; init; }
    public required long LastValidatedStep { get; init; }
    /// <summary>All of the training so far, in order.</summary>
    public IReadOnlyList<TrainingEvent.Validated> Validations { get; init; } = [];
}
