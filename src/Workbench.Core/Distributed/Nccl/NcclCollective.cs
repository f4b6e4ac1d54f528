using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Distributed.Nccl;

/// <summary>
/// Ranks over NCCL, one GPU a rank. Tensors in host memory, barriers and the end of the job go over the ranks of another
/// engine, which carried NCCL's unique id to all. <b>Untested:</b> it was never run on two GPUs.
/// </summary>
internal sealed unsafe class NcclCollective : ICollective
{
    private const int Bytes = 1;   // ncclUint8
    private readonly ICollective _host;
    private readonly NcclLibrary _nccl;
    private readonly Device _device;
    private readonly CollectiveQueue _queue;
    private CudaStream? _stream;
    private nint _communicator;

    private NcclCollective(ICollective host, NcclLibrary nccl, int device)
    {
        (_host, _nccl, _device) = (host, nccl, new(DeviceType.CUDA, device));
        using var id = zeros(sizeof(UniqueId), ScalarType.Byte);
        if (host.Rank == 0)
            nccl.Check(((delegate* unmanaged<nint, int>)nccl.Symbol("ncclGetUniqueId"))(TensorMemory.Of(id, nameof(id)).Address));
        host.Broadcast(id).Wait();
        var key = *(UniqueId*)TensorMemory.Of(id, nameof(id)).Address;
        _queue = new(() => Begin(key, device), Close);
    }

    /// <inheritdoc/>
    public int Rank => _host.Rank;

    /// <inheritdoc/>
    public int Size => _host.Size;

    /// <inheritdoc/>
    public string Engine => $"{_nccl.Version}, {_host.Engine}";

    /// <summary>Whether every rank has NCCL and a GPU of its own.</summary>
    public static bool IsThereOnAll(ICollective host)
    {
        bool isHere = cuda_is_available() && RankEnvironment.LocalRank < cuda.device_count() && NcclLibrary.IsThere(Environment.GetEnvironmentVariable(NcclLibrary.Variable));
        using var all = tensor(isHere ? 1L : 0L);
        host.AllReduce(all, Reduction.Min).Wait();
        return all.item<long>() == 1;
    }

    /// <summary>Takes the GPU of this rank's number on its host. The ranks given belong to what is returned.</summary>
    /// <exception cref="DistributedException">NCCL or a GPU is missing.</exception>
    public static NcclCollective Start(ICollective host)
    {
        var nccl = NcclLibrary.Load(Environment.GetEnvironmentVariable(NcclLibrary.Variable));
        int devices = cuda_is_available() ? cuda.device_count() : 0;
        int own = RankEnvironment.LocalRank;
        if (own >= devices)
            throw new DistributedException($"NCCL needs a GPU for each rank: this is rank {own} of its host, counted from 0, and libtorch sees {devices} GPU(s). Start fewer ranks on the host, or join with {nameof(CollectiveBackend)}.{nameof(CollectiveBackend.Mpi)}.");
        return new(host, nccl, own);
    }

    /// <inheritdoc/>
    public CollectiveWork AllReduce(Tensor tensor, Reduction reduction = Reduction.Sum)
    {
        if (IsOnHost(tensor))
            return _host.AllReduce(tensor, reduction);
        var memory = OwnMemory(tensor, nameof(tensor));
        memory.RequireReducible(nameof(tensor));
        return Add(() => ((delegate* unmanaged<nint, nint, nint, int, int, nint, nint, int>)_nccl.Symbol("ncclAllReduce"))(
            memory.Address, memory.Address, (nint)memory.Count, Datatype(memory.Type), Operation(reduction), _communicator, Stream.Handle), tensor);
    }

    /// <inheritdoc/>
    public CollectiveWork Broadcast(Tensor tensor, int root = 0)
    {
        if (IsOnHost(tensor))
            return _host.Broadcast(tensor, root);
        var memory = OwnMemory(tensor, nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, Size);
        return Add(() => ((delegate* unmanaged<nint, nint, nint, int, int, nint, nint, int>)_nccl.Symbol("ncclBroadcast"))(
            memory.Address, memory.Address, (nint)memory.Bytes, Bytes, root, _communicator, Stream.Handle), tensor);
    }

    /// <inheritdoc/>
    public CollectiveWork AllGather(Tensor tensor, Tensor gathered)
    {
        if (IsOnHost(tensor))
            return _host.AllGather(tensor, gathered);
        var (part, whole) = (OwnMemory(tensor, nameof(tensor)), OwnMemory(gathered, nameof(gathered)));
        part.RequireParts(whole, Size, nameof(gathered));
        return Add(() => ((delegate* unmanaged<nint, nint, nint, int, nint, nint, int>)_nccl.Symbol("ncclAllGather"))(
            part.Address, whole.Address, (nint)part.Bytes, Bytes, _communicator, Stream.Handle), tensor, gathered);
    }

    /// <inheritdoc/>
    public CollectiveWork ReduceScatter(Tensor tensor, Tensor part)
    {
        if (IsOnHost(tensor))
            return _host.ReduceScatter(tensor, part);
        var (all, own) = (OwnMemory(tensor, nameof(tensor)), OwnMemory(part, nameof(part)));
        own.RequireParts(all, Size, nameof(tensor));
        own.RequireReducible(nameof(tensor));
        return Add(() => ((delegate* unmanaged<nint, nint, nint, int, int, nint, nint, int>)_nccl.Symbol("ncclReduceScatter"))(
            all.Address, own.Address, (nint)own.Count, Datatype(own.Type), Operation(Reduction.Sum), _communicator, Stream.Handle), tensor, part);
    }

    /// <inheritdoc/>
    public void Barrier() => _host.Barrier();

    /// <inheritdoc/>
    public void Abort(int exitCode) => _host.Abort(exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Dispose();
        _host.Dispose();
    }

    private CudaStream Stream => _stream ?? throw new InvalidOperationException("The stream is there once the queue has begun.");

    private void Begin(UniqueId id, int device)
    {
        _stream = new(device);
        nint communicator;
        _nccl.Check(((delegate* unmanaged<nint*, int, UniqueId, int, int>)_nccl.Symbol("ncclCommInitRank"))(&communicator, Size, id, Rank));
        _communicator = communicator;
    }

    private void Close() => _nccl.Check(((delegate* unmanaged<nint, int>)_nccl.Symbol("ncclCommDestroy"))(_communicator));

    // What it reads is ready when the default stream has come as far as here.
    private CollectiveWork Add(Func<int> start, params ReadOnlySpan<Tensor> tensors)
    {
        nint mark = Stream.Mark();
        return _queue.Add(() =>
        {
            Stream.Use();
            Stream.WaitFor(mark);
            _nccl.Check(start());
            Finish();
        }, tensors);
    }

    // NCCL tells of a lost peer only when asked; its kernel would wait for ever.
    private void Finish()
    {
        var wait = new SpinWait();
        while (!Stream.IsDone())
        {
            int state;
            _nccl.Check(((delegate* unmanaged<nint, int*, int>)_nccl.Symbol("ncclCommGetAsyncError"))(_communicator, &state));
            if (state != 0)
                ((delegate* unmanaged<nint, int>)_nccl.Symbol("ncclCommAbort"))(_communicator);
            _nccl.Check(state);
            wait.SpinOnce();
        }
    }

    private static bool IsOnHost(Tensor tensor) => tensor.device_type == DeviceType.CPU;

    private TensorMemory OwnMemory(Tensor tensor, string name) =>
        tensor.device_type == DeviceType.CUDA && tensor.device_index == _device.index
            ? TensorMemory.Of(tensor, name)
            : throw new ArgumentException($"The tensor is on {tensor.device}, and this rank's GPU is {_device}. Move it with to().", name);

    // ncclDataType_t and ncclRedOp_t of nccl.h
    private static int Datatype(ScalarType type) => type switch
    {
        ScalarType.Int64 => 4, ScalarType.Float16 => 6, ScalarType.Float32 => 7, ScalarType.Float64 => 8, ScalarType.BFloat16 => 9,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Known: Int64, Float16, Float32, Float64, BFloat16."),
    };

    private static int Operation(Reduction reduction) => reduction switch { Reduction.Sum => 0, Reduction.Max => 2, _ => 3 };

    /// <summary>ncclUniqueId, passed by value.</summary>
    private struct UniqueId
    {
        public fixed byte Value[128];
    }
}
