using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>
/// What the ranks of a job do together. Every rank calls the same members in the same order with tensors of the same shape
/// and type; work is done in that order on one communication thread, so that calls from a backward pass and from the loop
/// do not cross. Tensors are contiguous, and stay untouched until the work is done. Thread-safe.
/// </summary>
public interface ICollective : IDisposable
{
    /// <summary>This process among the others, from 0.</summary>
    int Rank { get; }

    /// <summary>Number of ranks, at least 1.</summary>
    int Size { get; }

    /// <summary>The engine's name and version, such as <c>Open MPI 4.1.4</c>.</summary>
    string Engine { get; }

    /// <summary>Replaces a tensor by the sum over all ranks, or another reduction. Every rank gets the same bits.</summary>
    /// <param name="tensor">float32, float64, bfloat16, float16 or int64; of any size.</param>
    /// <param name="reduction">Default the sum.</param>
    /// <returns>The work, which may still be under way.</returns>
    /// <exception cref="ArgumentException">The tensor is not contiguous, or of a type or device that the engine does not take.</exception>
    CollectiveWork AllReduce(Tensor tensor, Reduction reduction = Reduction.Sum);

    /// <summary>Replaces a tensor by that of <paramref name="root"/>. Any type.</summary>
    CollectiveWork Broadcast(Tensor tensor, int root = 0);

    /// <summary>Puts all ranks' tensors, in the order of the ranks, into <paramref name="gathered"/>, which has <see cref="Size"/> times as many elements. Any type.</summary>
    CollectiveWork AllGather(Tensor tensor, Tensor gathered);

    /// <summary>Sums <paramref name="tensor"/> over all ranks and leaves each rank its part of the sum: elements Rank * n to (Rank + 1) * n, where n is the size of <paramref name="part"/>.</summary>
    CollectiveWork ReduceScatter(Tensor tensor, Tensor part);

    /// <summary>Returns when every rank has come here.</summary>
    void Barrier();

    /// <summary>Ends every rank of the job at once, this one as well. Never returns when there is more than one.</summary>
    /// <param name="exitCode">What the processes exit with, 1 to 255.</param>
    void Abort(int exitCode);
}
