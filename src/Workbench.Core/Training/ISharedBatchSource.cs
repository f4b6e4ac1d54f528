using Workbench.Distributed;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>A source that spares a rank the rows of others.</summary>
internal interface ISharedBatchSource : IBatchSource
{
    /// <summary>The same batches in the same order as for one rank; each holds the rank's <see cref="BatchShare"/> only.</summary>
    IEnumerable<Batch> Read(int epoch, long skip, Device device, int rank, int ranks, CancellationToken cancellationToken);
}

/// <summary>Reading for one rank of several.</summary>
internal static class SharedReading
{
    /// <summary>The batches with at least the rows of this rank.</summary>
    public static IEnumerable<Batch> ReadFor(this IBatchSource source, ICollective ranks, int epoch, long skip, Device device, CancellationToken cancellationToken) =>
        source is ISharedBatchSource shared ? shared.Read(epoch, skip, device, ranks.Rank, ranks.Size, cancellationToken) : source.Read(epoch, skip, device, cancellationToken);
}
