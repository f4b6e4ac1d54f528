using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>Who is at fault, by hand: ranks of a job with 10 s for a stall and 5 s for the start.</summary>
public class JobWatchTests
{
    private readonly JobWatch _watch = new(2, "mpirun", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));

    [Fact]
    public void Take_WaitingRankAndWorkingRank_BlamesTheOneThatTheOtherWaitsFor()
    {
        Join(0, 1);
        Beat(1, 0, 7, RankState.InCollective);
        Beat(2, 1, 7, RankState.Computing);

        Beat(11.5, 0, 7, RankState.InCollective);
        Beat(11.5, 1, 7, RankState.Computing);
        _watch.Take(new JobSignal.Tick(At(11.6)));
        Assert.Null(_watch.Fault);
        Beat(12.5, 1, 7, RankState.Computing);
        _watch.Take(new JobSignal.Tick(At(12.6)));

        Assert.Equal((JobEventKind.RankStalled, "Rank 1 (process 101 on b) made no step for 10 s, after step 7."), (_watch.Fault!.Kind, _watch.Fault.Reason));
        Assert.Equal([1], _watch.Fault.Ranks);
    }

    [Fact]
    public void Take_RankWhoseWordIsLate_IsNotBlamedForTheOneThatItWaitsFor()
    {
        Join(0, 1);
        Beat(1, 0, 7, RankState.Computing);
        Beat(2, 1, 7, RankState.Computing);
        _watch.Take(new JobSignal.Tick(At(12)));
        Assert.Null(_watch.Fault);
        Beat(12.2, 0, 7, RankState.InCollective);
        Beat(12.5, 1, 7, RankState.Computing);
        _watch.Take(new JobSignal.Tick(At(12.6)));

        Assert.Equal([1], _watch.Fault!.Ranks);
    }

    [Fact]
    public void Take_RankThatWaitsForOneThatMakesSteps_IsNotStalled()
    {
        Join(0, 1);
        Beat(1, 0, 7, RankState.InCollective);
        for (int second = 1; second < 60; second++)
            Beat(second, 1, second, RankState.Computing);
        _watch.Take(new JobSignal.Tick(At(60)));

        Assert.Null(_watch.Fault);
    }

    [Fact]
    public void Take_AllWait_BlamesAll()
    {
        Join(0, 1);
        Beat(1, 0, 7, RankState.InCollective);
        Beat(2, 1, 6, RankState.InCollective);
        Beat(11.5, 0, 7, RankState.InCollective);
        Beat(11.5, 1, 6, RankState.InCollective);
        _watch.Take(new JobSignal.Tick(At(11.6)));
        Assert.Null(_watch.Fault);
        Beat(12.5, 1, 6, RankState.InCollective);
        _watch.Take(new JobSignal.Tick(At(12.6)));

        Assert.Equal([0, 1], _watch.Fault!.Ranks);
        Assert.Contains("did not all call the same", _watch.Fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_RankMissing_IsLateAfterTheStartTimeout()
    {
        Join(1);
        _watch.Take(new JobSignal.Tick(At(4.9)));
        Assert.Null(_watch.Fault);
        _watch.Take(new JobSignal.Tick(At(5.1)));

        Assert.Equal("Rank 0 did not join within 5 s of the start.", _watch.Fault!.Reason);
    }

    [Fact]
    public void Take_AllDoneAndGoneAndExitedWell_IsComplete()
    {
        Join(0, 1);
        Done(0);
        Lose(3, 0, isSilent: false);
        Done(1);
        Assert.False(_watch.IsComplete);
        _watch.Take(new JobSignal.Exited(At(4), 0, ""));

        Assert.True(_watch.IsComplete);
        Assert.Null(_watch.Fault);
    }

    [Fact]
    public void Take_ExitedWellBeforeAllWereDone_IsAFault()
    {
        Join(0, 1);
        Done(0);
        _watch.Take(new JobSignal.Exited(At(4), 0, ""));

        Assert.False(_watch.IsComplete);
        Assert.Equal("mpirun ended with exit code 0 before Rank 1 (process 101 on b) had said that it was done.", _watch.Fault!.Reason);
        Assert.Empty(_watch.Fault.Ranks);
    }

    [Fact]
    public void Take_ExitedBadlyAfterAllWereDone_IsAFault()
    {
        Join(0, 1);
        Done(0);
        Done(1);
        _watch.Take(new JobSignal.Exited(At(4), 139, "oops"));

        Assert.Equal("mpirun ended with exit code 139 (signal 11) after every rank was done. Its last words: oops", _watch.Fault!.Reason);
    }

    [Fact]
    public void Take_ProcessesThatDoNotEndAfterAllWereDone_IsAFault()
    {
        Join(0, 1);
        Done(0);
        Done(1);
        _watch.Take(new JobSignal.Tick(At(31)));
        Assert.Null(_watch.Fault);
        _watch.Take(new JobSignal.Tick(At(33)));

        Assert.Contains("processes had not ended", _watch.Fault!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MayRunElsewhere_SilentRankOfAnotherHost_ForTenSecondsAfterItWasHeard()
    {
        Join(0, 1);
        Lose(3, 0, isSilent: false);
        Assert.True(_watch.MayRunElsewhere(At(100)), "Rank 1 has not ended.");
        Lose(20, 1, isSilent: true, heard: 12);

        Assert.True(_watch.MayRunElsewhere(At(21.9)));
        Assert.False(_watch.MayRunElsewhere(At(22.1)));
        Assert.True(_watch.IsSilent(1));
        Assert.Equal([0], _watch.Fault!.Ranks);
    }

    [Fact]
    public void Take_NoStepButCommonWork_IsNoStall()
    {
        Join(0, 1);
        for (int second = 1; second <= 30; second++)
            foreach (int rank in new[] { 0, 1 })
                Beat(second, rank, step: 7, RankState.InCollective, moves: second);
        _watch.Take(new JobSignal.Tick(At(31)));

        Assert.Null(_watch.Fault);
    }

    private void Join(params int[] ranks)
    {
        foreach (int rank in ranks)
            _watch.Take(new JobSignal.Joined(At(0), new(rank, 2, rank == 0 ? "a" : "b", IsLocal: rank == 0, new(100 + rank, 1), [])));
    }

    private void Beat(double at, int rank, long step, RankState state, long moves = 0) => _watch.Take(new JobSignal.Beat(At(at), rank, step, moves, state));

    private void Done(int rank) => _watch.Take(new JobSignal.SaidDone(At(2), rank, 9));

    private void Lose(double at, int rank, bool isSilent, double heard = 0) => _watch.Take(new JobSignal.Lost(At(at), rank, isSilent, At(heard)));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
