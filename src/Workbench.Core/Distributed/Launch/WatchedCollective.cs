using static TorchSharp.torch;

namespace Workbench.Distributed.Launch;

/// <summary>Ranks whose common work tells the supervisor that there is progress, and whether this one waits for others.</summary>
internal sealed class WatchedCollective(ICollective ranks, RankSession session) : ICollective
{
    private volatile CollectiveWork _last = CollectiveWork.Done;
    private volatile bool _isInBarrier;

    /// <summary>Whether something was begun that the other ranks have not come to yet.</summary>
    public bool IsWaiting => _isInBarrier || !_last.IsDone;

    public int Rank => ranks.Rank;

    public int Size => ranks.Size;

    public string Engine => ranks.Engine;

    public CollectiveWork AllReduce(Tensor tensor, Reduction reduction = Reduction.Sum) => Watch(ranks.AllReduce(tensor, reduction));

    public CollectiveWork Broadcast(Tensor tensor, int root = 0) => Watch(ranks.Broadcast(tensor, root));

    public CollectiveWork AllGather(Tensor tensor, Tensor gathered) => Watch(ranks.AllGather(tensor, gathered));

    public CollectiveWork ReduceScatter(Tensor tensor, Tensor part) => Watch(ranks.ReduceScatter(tensor, part));

    public void Barrier()
    {
        _isInBarrier = true;
        ranks.Barrier();
        _isInBarrier = false;
        session.Move();
    }

    public void Abort(int exitCode) => ranks.Abort(exitCode);

    public void Dispose() => ranks.Dispose();

    private CollectiveWork Watch(CollectiveWork work)
    {
        _last = work;
        session.Move();
        return work;
    }
}
