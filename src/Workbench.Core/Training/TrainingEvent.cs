namespace Workbench.Training;

/// <summary>Something that happened in a <see cref="TrainingLoop"/>, reported while it runs and on its thread.</summary>
public abstract record TrainingEvent
{
    private TrainingEvent()
    {
    }

    /// <summary>Optimizer steps done so far.</summary>
    public required long Step { get; init; }
    /// <summary>The epoch at work, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The state of affairs every <see cref="TrainingLoopOptions.LogEverySteps"/> steps and at the last.</summary>
    public sealed record Progress : TrainingEvent
    {
        /// <summary>Mean loss since the last report.</summary>
        public required double Loss { get; init; }
        /// <summary>The last step's learning rate.</summary>
        public required double LearningRate { get; init; }
        /// <summary>2-norm of the last step's gradients before clipping; null when they are not clipped.</summary>
        public required double? GradientNorm { get; init; }
        /// <summary>Rows trained on a second since the last report.</summary>
        public required double RowsPerSecond { get; init; }
        /// <summary>Steps that there will be at most; null when unknown.</summary>
        public required long? TotalSteps { get; init; }
    }

    /// <summary>All training rows were seen once more.</summary>
    public sealed record EpochEnded : TrainingEvent
    {
        /// <summary>Mean loss over the epoch, measured while training (dropout on).</summary>
        public required double Loss { get; init; }
    }

    /// <summary>A validation was done.</summary>
    public sealed record Validated : TrainingEvent
    {
        /// <summary>What it measured.</summary>
        public required ValidationResult Result { get; init; }
        /// <summary>Mean training loss since the last validation.</summary>
        public required double TrainingLoss { get; init; }
        /// <summary>Whether it is the best so far.</summary>
        public required bool IsBest { get; init; }
        /// <summary>The step of the best so far.</summary>
        public required long BestStep { get; init; }
    }

    /// <summary>A checkpoint was written.</summary>
    public sealed record CheckpointWritten : TrainingEvent
    {
        /// <summary>Its folder.</summary>
        public required string Path { get; init; }
    }

    /// <summary>A checkpoint was found damaged and left alone; the one before it is tried.</summary>
    public sealed record CheckpointDamaged : TrainingEvent
    {
        /// <summary>Its folder.</summary>
        public required string Path { get; init; }
        /// <summary>What is wrong with it.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>The training goes on from a checkpoint.</summary>
    public sealed record Resumed : TrainingEvent
    {
        /// <summary>The checkpoint's folder.</summary>
        public required string Path { get; init; }
        /// <summary>What was validated up to there, in order.</summary>
        public required IReadOnlyList<Validated> Validations { get; init; }
    }

    /// <summary>float16 gradients overflowed; the step was skipped and the scale of the loss lowered.</summary>
    public sealed record StepSkipped : TrainingEvent
    {
        /// <summary>The scale from now on.</summary>
        public required double LossScale { get; init; }
    }
}
