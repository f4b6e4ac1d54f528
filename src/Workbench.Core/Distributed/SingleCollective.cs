using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>One process alone: every operation leaves or copies what there is.</summary>
public sealed class SingleCollective : ICollective
{
    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public string Engine => "one process";

    /// <inheritdoc/>
    public CollectiveWork AllReduce(Tensor tensor, Reduction reduction = Reduction.Sum) => CollectiveWork.Done;

    /// <inheritdoc/>
    public CollectiveWork Broadcast(Tensor tensor, int root = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(root, 0);
        return CollectiveWork.Done;
    }

    /// <inheritdoc/>
    public CollectiveWork AllGather(Tensor tensor, Tensor gathered) => Copy(tensor, gathered);

    /// <inheritdoc/>
    public CollectiveWork ReduceScatter(Tensor tensor, Tensor part) => Copy(tensor, part);

    /// <inheritdoc/>
    public void Barrier()
    {
    }

    /// <inheritdoc/>
    public void Abort(int exitCode) => Environment.Exit(exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static CollectiveWork Copy(Tensor from, Tensor to)
    {
        using var gradients = no_grad();
        using var same = from.view(to.shape);
        to.copy_(same);   // returns the target itself
        return CollectiveWork.Done;
    }
}
