namespace Workbench.Distributed.Tracing;

/// <summary>What a rank spends time on. A timeline names it as the category of a span, in lower case.</summary>
public enum TimelineKind
{
    /// <summary>A whole step, from the wait for its first batch to the optimizer's end; what follows lies within.</summary>
    Step,
    /// <summary>Waiting for a batch of the source.</summary>
    Data,
    /// <summary>The loss of a batch, or of this rank's part of it.</summary>
    Forward,
    /// <summary>Its gradients.</summary>
    Backward,
    /// <summary>Putting gradients into buckets and taking their sums out again.</summary>
    Gradients,
    /// <summary>Scaling and clipping gradients, and the optimizer.</summary>
    Optimizer,
    /// <summary>Waiting for something that ranks do together: what communication costs, as it is not hidden behind computation. Lies within any other.</summary>
    Wait,
    /// <summary>Measuring validation rows.</summary>
    Validation,
    /// <summary>Writing a checkpoint.</summary>
    Checkpoint,
    /// <summary>Work of the engine, on the lane of collective work, beside what the training does.</summary>
    Collective,
}
