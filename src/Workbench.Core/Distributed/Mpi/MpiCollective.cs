using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Distributed.Mpi;

/// <summary>
/// Ranks over Open MPI, tensors in host memory. Every call into MPI comes from the communication thread and blocks it, one
/// operation after the other; only <see cref="Abort"/> comes from outside.
/// </summary>
internal sealed class MpiCollective : ICollective
{
    // MPI counts in int32, and its algorithms add up offsets: far from both limits.
    private const long PieceBytes = 1L << 30;
    // On one host the halves that two ranks work on stay in their caches. Measured with 100 MB on 2 ranks: 31 ms, against 55 ms in one piece.
    private const long CachedBytesPerRank = 1 << 18;
    private const int UnhandledExitCode = 134;   // what .NET exits with after an exception that nothing caught: 128 + SIGABRT
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(5);
    private static int _starts;

    private readonly MpiLibrary _mpi;
    private readonly CollectiveQueue _queue;
    private MpiReductions? _reductions;

    private MpiCollective(MpiLibrary mpi)
    {
        _mpi = mpi;
        _queue = new(Begin, mpi.Close);
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
    }

    /// <inheritdoc/>
    public int Rank { get; private set; }

    /// <inheritdoc/>
    public int Size { get; private set; }

    /// <inheritdoc/>
    public string Engine => _mpi.Version;

    /// <summary>Most bytes of one call into MPI; greater tensors go in pieces. The same on all ranks.</summary>
    internal long MaxPieceBytes { get; set; } = PieceBytes;

    /// <summary>Joins the job that mpirun started this process for; alone when there is none. Once a process.</summary>
    /// <exception cref="DistributedException">Open MPI is not there, or it is another MPI.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public static MpiCollective Start()
    {
        var mpi = MpiLibrary.Load(MpiLibrary.Names);
        if (Interlocked.Exchange(ref _starts, 1) != 0)
            throw new InvalidOperationException("MPI starts once in a process, and it was started before. Keep the ranks that the first call returned.");
        return new(mpi);
    }

    /// <inheritdoc/>
    public CollectiveWork AllReduce(Tensor tensor, Reduction reduction = Reduction.Sum)
    {
        var memory = HostMemory(tensor, nameof(tensor));
        memory.RequireReducible(nameof(tensor));
        var (type, operation) = Reductions[memory.Type, reduction];
        long most = RankEnvironment.SpansHosts ? MaxPieceBytes : Math.Min(MaxPieceBytes, CachedBytesPerRank * Size);
        return _queue.Add(() =>
        {
            foreach (var (offset, count) in Pieces(memory, most))
                _mpi.AllReduce(memory.Address + (nint)offset, count, type, operation);
        }, tensor);
    }

    /// <inheritdoc/>
    public CollectiveWork Broadcast(Tensor tensor, int root = 0)
    {
        var memory = HostMemory(tensor, nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        return _queue.Add(() => Broadcast(memory, root), tensor);
    }

    /// <inheritdoc/>
    public CollectiveWork AllGather(Tensor tensor, Tensor gathered)
    {
        var (part, whole) = (HostMemory(tensor, nameof(tensor)), HostMemory(gathered, nameof(gathered)));
        part.RequireParts(whole, Size, nameof(gathered));
        return _queue.Add(() =>
        {
            if (whole.Bytes <= MaxPieceBytes)
                _mpi.AllGather(part.Address, whole.Address, (int)part.Bytes);
            else
                GatherInPieces(part, whole);
        }, tensor, gathered);
    }

    /// <inheritdoc/>
    public CollectiveWork ReduceScatter(Tensor tensor, Tensor part)
    {
        var (all, own) = (HostMemory(tensor, nameof(tensor)), HostMemory(part, nameof(part)));
        own.RequireParts(all, Size, nameof(tensor));
        own.RequireReducible(nameof(tensor));
        var (type, operation) = Reductions[own.Type, Reduction.Sum];
        return _queue.Add(() =>
        {
            if (all.Bytes <= MaxPieceBytes)
                _mpi.ReduceScatter(all.Address, own.Address, (int)own.Count, type, operation);
            else
                for (int rank = 0; rank < Size; rank++)
                    foreach (var (offset, count) in Pieces(own, MaxPieceBytes))
                        _mpi.Reduce(all.Address + (nint)(rank * own.Bytes + offset), own.Address + (nint)offset, count, type, operation, rank);
        }, tensor, part);
    }

    /// <inheritdoc/>
    public void Barrier() => _queue.Add(_mpi.Barrier).Wait();

    /// <inheritdoc/>
    public void Abort(int exitCode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exitCode, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exitCode, 255);
        // A communication thread that hangs inside MPI may hold its locks. mpirun ends the others when this process dies.
        using var last = new Timer(_ => Process.GetCurrentProcess().Kill(), null, AbortLimit, Timeout.InfiniteTimeSpan);
        _mpi.Abort(exitCode);
    }

    /// <summary>Does what is under way, then leaves MPI when all went well; after a failure the process just ends, and mpirun ends the others.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
    }

    // .NET still runs finally blocks, and one that disposes of these ranks would wait for the others for ever.
    private void OnUnhandled(object sender, UnhandledExceptionEventArgs unhandled)
    {
        Console.Error.WriteLine($"Rank {Rank} of {Size} ends the job by an exception that nothing caught: {unhandled.ExceptionObject}");
        Abort(UnhandledExitCode);
    }

    /// <summary>An operation that MPI refuses on every rank: a broadcast from a rank that is not there.</summary>
    internal CollectiveWork Reject() => _queue.Add(() => _mpi.Broadcast(0, 0, Size));

    private MpiReductions Reductions => _reductions ?? throw new UnreachableException("The queue has begun before anyone has this object.");

    private void Begin()
    {
        (Rank, Size) = _mpi.Initialize();
        _reductions = new(_mpi);
    }

    private void Broadcast(TensorMemory memory, int root)
    {
        foreach (var (offset, count) in Pieces(memory with { Count = memory.Bytes, ElementBytes = 1 }, MaxPieceBytes))
            _mpi.Broadcast(memory.Address + (nint)offset, count, root);
    }

    private unsafe void GatherInPieces(TensorMemory part, TensorMemory whole)
    {
        for (int rank = 0; rank < Size; rank++)
        {
            var place = part with { Address = whole.Address + (nint)(rank * part.Bytes) };
            if (rank == Rank)
                Buffer.MemoryCopy((void*)part.Address, (void*)place.Address, part.Bytes, part.Bytes);
            Broadcast(place, rank);
        }
    }

    private static IEnumerable<(long Offset, int Count)> Pieces(TensorMemory memory, long bytes)
    {
        long most = Math.Max(1, bytes / memory.ElementBytes);
        for (long done = 0; done < memory.Count; done += most)
            yield return (done * memory.ElementBytes, (int)Math.Min(most, memory.Count - done));
    }

    private static TensorMemory HostMemory(Tensor tensor, string name)
    {
        var memory = TensorMemory.Of(tensor, name);
        if (tensor.device_type != DeviceType.CPU)
            throw new ArgumentException($"The tensor is on {tensor.device}, and Open MPI takes tensors in host memory. Join with {nameof(CollectiveBackend)}.{nameof(CollectiveBackend.Nccl)}, or pass cpu() and copy the result back.", name);
        return memory;
    }
}
