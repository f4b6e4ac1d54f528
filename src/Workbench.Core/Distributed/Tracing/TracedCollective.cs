using static TorchSharp.torch;

namespace Workbench.Distributed.Tracing;

/// <summary>Ranks whose common work, and what this one waits for it, is seen by a timeline. They stay the caller's.</summary>
internal sealed class TracedCollective(ICollective ranks, StepTimeline timeline) : ICollective
{
    public int Rank => ranks.Rank;

    public int Size => ranks.Size;

    public string Engine => ranks.Engine;

    public CollectiveWork AllReduce(Tensor tensor, Reduction reduction = Reduction.Sum) => timeline.Watch(ranks.AllReduce(tensor, reduction), "all-reduce", Bytes(tensor));

    public CollectiveWork Broadcast(Tensor tensor, int root = 0) => timeline.Watch(ranks.Broadcast(tensor, root), "broadcast", Bytes(tensor));

    public CollectiveWork AllGather(Tensor tensor, Tensor gathered) => timeline.Watch(ranks.AllGather(tensor, gathered), "all-gather", Bytes(gathered));

    public CollectiveWork ReduceScatter(Tensor tensor, Tensor part) => timeline.Watch(ranks.ReduceScatter(tensor, part), "reduce-scatter", Bytes(tensor));

    public void Barrier()
    {
        var begun = timeline.Begin();
        ranks.Barrier();
        timeline.EndWait("wait in a barrier", begun.At);
    }

    public void Abort(int exitCode) => ranks.Abort(exitCode);

    public void Dispose()
    {
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();
}
