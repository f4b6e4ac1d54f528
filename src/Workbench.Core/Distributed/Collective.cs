using Workbench.Distributed.Mpi;
using Workbench.Distributed.Nccl;

namespace Workbench.Distributed;

/// <summary>The ranks that this process belongs to.</summary>
public static class Collective
{
    /// <summary>A process alone.</summary>
    public static ICollective Single { get; } = new SingleCollective();

    /// <summary>
    /// The ranks of the job that this process was started for; <see cref="Single"/> outside of one. Training takes it by
    /// default, so that the same code runs on one rank and on many.
    /// </summary>
    public static ICollective Current { get; private set; } = Single;

    /// <summary>Ranks that the job began with, when it was restarted with fewer; else the current number.</summary>
    public static int SizeAtStart { get; private set; } = 1;

    /// <summary>
    /// The ranks of the job that mpirun started this process for; one rank when it was started without. Once a process, and
    /// every rank of the job does it. When a rank catches an exception, it calls <see cref="ICollective.Abort"/>: to dispose of
    /// its ranks would wait for the others, which wait for it. One that does not catch it ends the job by its own end.
    /// </summary>
    /// <param name="backend">The engine; the same on all ranks.</param>
    /// <exception cref="DistributedException">An engine is not there, or is another one than it has to be; names the remedy.</exception>
    /// <exception cref="InvalidOperationException">This process has joined before.</exception>
    public static ICollective Join(CollectiveBackend backend = CollectiveBackend.Auto)
    {
        if (!Enum.IsDefined(backend))
            throw new ArgumentOutOfRangeException(nameof(backend), backend, $"Known: {string.Join(", ", Enum.GetNames<CollectiveBackend>())}.");
        var mpi = MpiCollective.Start();
        bool takesNccl = backend == CollectiveBackend.Nccl || backend == CollectiveBackend.Auto && NcclCollective.IsThereOnAll(mpi);
        return takesNccl ? NcclCollective.Start(mpi) : mpi;
    }

    /// <summary>Makes <paramref name="ranks"/> the current ones until disposed. Once, before any training.</summary>
    /// <param name="ranks">Of this process's job.</param>
    /// <param name="sizeAtStart">Ranks that the job began with; null for as many as there are.</param>
    /// <exception cref="InvalidOperationException">There are other current ranks already.</exception>
    internal static IDisposable Enter(ICollective ranks, int? sizeAtStart = null)
    {
        if (Current != Single)
            throw new InvalidOperationException($"This process is rank {Current.Rank} of {Current.Size} already.");
        (Current, SizeAtStart) = (ranks, Math.Max(ranks.Size, sizeAtStart ?? ranks.Size));
        return new Left();
    }

    private sealed class Left : IDisposable
    {
        public void Dispose() => (Current, SizeAtStart) = (Single, 1);
    }
}
