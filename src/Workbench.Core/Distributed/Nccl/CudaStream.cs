using System.Runtime.InteropServices;

namespace Workbench.Distributed.Nccl;

/// <summary>
/// A stream of our own on one GPU, by the driver's library. TorchSharp computes on the default stream; what an operation reads
/// is ready when an event recorded there has passed.
/// </summary>
internal sealed unsafe partial class CudaStream
{
    private const string Driver = "libcuda.so.1";
    private const int NotReady = 600;            // CUDA_ERROR_NOT_READY
    private const uint NonBlocking = 1;          // CU_STREAM_NON_BLOCKING: does not wait for the default stream by itself
    private const uint NoTiming = 2;             // CU_EVENT_DISABLE_TIMING
    private readonly nint _context;

    /// <summary>On the GPU of this number, whose primary context libtorch uses as well.</summary>
    public CudaStream(int device)
    {
        Check(cuInit(0), nameof(cuInit));
        Check(cuDeviceGet(out int handle, device), nameof(cuDeviceGet));
        Check(cuDevicePrimaryCtxRetain(out _context, handle), nameof(cuDevicePrimaryCtxRetain));
        Use();
        Check(cuStreamCreate(out nint stream, NonBlocking), nameof(cuStreamCreate));
        Handle = stream;
    }

    /// <summary>The CUstream.</summary>
    public nint Handle { get; }

    /// <summary>Makes the GPU current on the calling thread.</summary>
    public void Use() => Check(cuCtxSetCurrent(_context), nameof(cuCtxSetCurrent));

    /// <summary>Marks what the default stream has to do before.</summary>
    public nint Mark()
    {
        Use();
        Check(cuEventCreate(out nint mark, NoTiming), nameof(cuEventCreate));
        Check(cuEventRecord(mark, 0), nameof(cuEventRecord));
        return mark;
    }

    /// <summary>Lets this stream wait for a mark, which is gone then.</summary>
    public void WaitFor(nint mark)
    {
        Check(cuStreamWaitEvent(Handle, mark, 0), nameof(cuStreamWaitEvent));
        Check(cuEventDestroy_v2(mark), nameof(cuEventDestroy_v2));
    }

    /// <summary>Whether all is done that was put on this stream.</summary>
    public bool IsDone()
    {
        int code = cuStreamQuery(Handle);
        if (code != NotReady)
            Check(code, nameof(cuStreamQuery));
        return code != NotReady;
    }

    private static void Check(int code, string function)
    {
        if (code != 0)
            throw new DistributedException($"The NVIDIA driver failed: {function} returned {code}.");
    }

    [LibraryImport(Driver)] private static partial int cuInit(uint flags);
    [LibraryImport(Driver)] private static partial int cuDeviceGet(out int device, int ordinal);
    [LibraryImport(Driver)] private static partial int cuDevicePrimaryCtxRetain(out nint context, int device);
    [LibraryImport(Driver)] private static partial int cuCtxSetCurrent(nint context);
    [LibraryImport(Driver)] private static partial int cuStreamCreate(out nint stream, uint flags);
    [LibraryImport(Driver)] private static partial int cuStreamQuery(nint stream);
    [LibraryImport(Driver)] private static partial int cuStreamWaitEvent(nint stream, nint recorded, uint flags);
    [LibraryImport(Driver)] private static partial int cuEventCreate(out nint created, uint flags);
    [LibraryImport(Driver)] private static partial int cuEventRecord(nint recorded, nint stream);
    [LibraryImport(Driver)] private static partial int cuEventDestroy_v2(nint destroyed);
}
