namespace Workbench.Distributed.Launch;

/// <summary>
/// Judges an attempt by what is heard of it: whether it is complete, or what is wrong and which ranks are at fault. Pure: time
/// comes with the signals. Not thread-safe.
/// </summary>
internal sealed class JobWatch(int size, string launcher, TimeSpan startTimeout, TimeSpan stallTimeout)
{
    /// <summary>How long processes may take to end after every rank is done.</summary>
    public static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(30);

    /// <summary>When a rank that nothing was heard of has ended itself for certain.</summary>
    public static readonly TimeSpan DeathBound = TimeSpan.FromSeconds(10);

    private readonly Rank?[] _ranks = new Rank?[size];
    private int? _exitCode;
    private TimeSpan? _allDone;

    /// <summary>Whether every rank is done and the launcher ended well.</summary>
    public bool IsComplete => _exitCode == 0 && _allDone is not null;

    /// <summary>What is wrong, the first of it; null while nothing is.</summary>
    public JobFault? Fault { get; private set; }

    /// <summary>The ranks that joined.</summary>
    public IEnumerable<RankHello> Joined => _ranks.OfType<Rank>().Select(rank => rank.Hello);

    /// <summary>Whether a rank fell silent, which a dead process does not: its host or the network is gone, or it is frozen.</summary>
    public bool IsSilent(int rank) => _ranks[rank] is { IsSilent: true };

    /// <summary>Whether a rank of another machine may still run at this time.</summary>
    public bool MayRunElsewhere(TimeSpan at) =>
        _ranks.OfType<Rank>().Any(rank => !rank.Hello.IsLocal && (!rank.IsGone || rank.IsSilent && at < rank.Heard + DeathBound));

    /// <summary>The last step of a rank.</summary>
    public long? StepOf(int rank) => _ranks[rank]?.Step;

    /// <summary>Takes in a signal. Sets <see cref="Fault"/> at the first that means one.</summary>
    public void Take(JobSignal signal)
    {
        var fault = signal switch
        {
            JobSignal.Joined joined => Join(joined),
            JobSignal.Beat beat => Beat(beat),
            JobSignal.SaidDone done => Done(done),
            JobSignal.SaidFailed failed => new(JobEventKind.RankFailed, $"{Name(failed.Rank)} failed: {failed.Error}", [failed.Rank], failed.IsFinal),
            JobSignal.Lost lost => Lose(lost),
            JobSignal.Exited exited => Exit(exited),
            JobSignal.Tick tick => LateToStart(tick.At) ?? Stalled() ?? LateToExit(tick.At),
            _ => null,
        };
        Fault ??= fault;
    }

    private JobFault? Join(JobSignal.Joined joined)
    {
        _ranks[joined.Hello.Rank] = new(joined.Hello) { Moved = joined.At, Beaten = joined.At };
        return null;
    }

    private JobFault? Beat(JobSignal.Beat beat)
    {
        if (_ranks[beat.Rank] is not { } rank)
            return null;
        if (beat.Step != rank.Step || beat.Moves != rank.Moves)
            (rank.Step, rank.Moves, rank.Moved) = (beat.Step, beat.Moves, beat.At);
        (rank.State, rank.Beaten) = (beat.State, beat.At);
        return null;
    }

    private JobFault? Done(JobSignal.SaidDone done)
    {
        if (_ranks[done.Rank] is { } rank)
            (rank.State, rank.Step, rank.Moved) = (RankState.Done, done.Step, done.At);
        if (_ranks.All(each => each is { State: RankState.Done }))
            _allDone ??= done.At;
        return null;
    }

    private JobFault? Lose(JobSignal.Lost lost)
    {
        if (_ranks[lost.Rank] is not { } rank)
            return null;
        (rank.IsGone, rank.IsSilent, rank.Heard) = (true, lost.IsSilent, lost.Heard);
        if (rank.State == RankState.Done && !lost.IsSilent)
            return null;
        var how = lost.IsSilent ? $"said nothing for {(lost.At - lost.Heard).TotalSeconds:0} s" : "ended without saying that it was done";
        return new(JobEventKind.RankLost, $"{Name(lost.Rank)} {how}, {After(rank)}.", [lost.Rank]);
    }

    private JobFault? Exit(JobSignal.Exited exited)
    {
        _exitCode = exited.Code;
        if (IsComplete)
            return null;
        var open = Where(rank => rank is not { State: RankState.Done });
        var code = exited.Code > 128 ? $"{exited.Code} (signal {exited.Code - 128})" : $"{exited.Code}";
        var before = open.Count == 0 ? "after every rank was done" : $"before {Names(open)} had said that it was done";
        var words = exited.LastWords.Length == 0 ? "" : $" Its last words: {exited.LastWords}";
        return new(JobEventKind.Aborted, $"{launcher} ended with exit code {code} {before}.{words}", size == 1 ? [0] : []);
    }

    private JobFault? LateToStart(TimeSpan at)
    {
        if (at <= startTimeout)
            return null;
        var missing = Where(rank => rank is null);
        return missing.Count == 0 ? null
            : new(JobEventKind.RankLost, $"{Names(missing)} did not join within {startTimeout.TotalSeconds:0.#} s of the start.", missing);
    }

    // A rank that waits in a collective operation waits for another: it is at fault only when every rank waits. What counts is what
    // a rank has said: while its word is late, as on a busy machine, it may have made a step or begun to wait.
    private JobFault? Stalled()
    {
        var open = Where(rank => rank is { State: not RankState.Done });
        if (open.Count == 0 || Where(rank => rank is null).Count > 0)
            return null;
        var working = open.Where(index => _ranks[index]!.State != RankState.InCollective).ToList();
        var stalled = (working.Count > 0 ? working : open).Where(index => _ranks[index]!.Beaten - _ranks[index]!.Moved > stallTimeout).ToList();
        if (stalled.Count == 0 || working.Count == 0 && stalled.Count < open.Count)
            return null;
        var why = working.Count > 0 ? "" : " Each waits in a collective operation: they did not all call the same ones.";
        return new(JobEventKind.RankStalled, $"{Names(stalled)} made no step for {stallTimeout.TotalSeconds:0.#} s, {After(_ranks[stalled[0]]!)}.{why}", stalled);
    }

    private JobFault? LateToExit(TimeSpan at) =>
        _allDone is { } done && at - done > ExitTimeout
            ? new(JobEventKind.Aborted, $"Every rank was done, yet processes had not ended {ExitTimeout.TotalSeconds:0} s later.", [])
            : null;

    private List<int> Where(Func<Rank?, bool> condition) => [.. Enumerable.Range(0, size).Where(index => condition(_ranks[index]))];

    private string Name(int rank) => _ranks[rank] is { } known ? $"Rank {rank} (process {known.Hello.Process.Id} on {known.Hello.Host})" : $"Rank {rank}";

    private string Names(List<int> ranks) => ranks.Count == 1 ? Name(ranks[0]) : $"Ranks {string.Join(", ", ranks)}";

    private static string After(Rank rank) => rank.Step is { } step ? $"after step {step}" : "before its first step";

    private sealed class Rank(RankHello hello)
    {
        public RankHello Hello { get; } = hello;
        public RankState State { get; set; }
        public long? Step { get; set; }
        public long Moves { get; set; }
        public TimeSpan Moved { get; set; }
        public TimeSpan Beaten { get; set; }
        public bool IsGone { get; set; }
        public bool IsSilent { get; set; }
        public TimeSpan Heard { get; set; }
    }
}
