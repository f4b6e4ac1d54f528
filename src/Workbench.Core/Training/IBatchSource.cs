using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Where a <see cref="TrainingLoop"/> takes its batches from. The order depends on nothing but the source's settings and the epoch, so that a resumed run sees what it would have seen.</summary>
public interface IBatchSource
{
    /// <summary>The settings that decide which batches come in which order; a checkpoint is only resumed with the same.</summary>
    string Description { get; }

    /// <summary>Batches an epoch; null when that is known only at its end.</summary>
    long? BatchesPerEpoch { get; }

    /// <summary>The batches of an epoch. Who reads disposes each.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="skip">Batches at the epoch's beginning to leave out.</param>
    /// <param name="device">Where the tensors are wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IEnumerable<Batch> Read(int epoch, long skip, Device device, CancellationToken cancellationToken = default);
}
