namespace Workbench.Distributed.Launch;

/// <summary>What a <see cref="JobEvent"/> tells.</summary>
public enum JobEventKind
{
    /// <summary>The ranks of an attempt are being started: <see cref="JobEvent.Size"/> of them; the text is the command line.</summary>
    Starting,
    /// <summary>A rank has joined; the text is its process and machine.</summary>
    RankStarted,
    /// <summary>A rank made a step or changed its state.</summary>
    RankProgress,
    /// <summary>A rank reported <see cref="JobEvent.Data"/>.</summary>
    RankReported,
    /// <summary>A rank is done.</summary>
    RankDone,
    /// <summary>A line that a rank wrote, or the launcher where <see cref="JobEvent.Rank"/> is null.</summary>
    Output,
    /// <summary>A rank's process ended or fell silent; the text says which.</summary>
    RankLost,
    /// <summary>A rank makes no steps any more; the text says how long.</summary>
    RankStalled,
    /// <summary>A rank failed; the text is its error.</summary>
    RankFailed,
    /// <summary>Every process of the attempt has been ended; the text says why.</summary>
    Aborted,
    /// <summary>A new attempt of <see cref="JobEvent.Size"/> ranks begins after <see cref="JobEvent.Delay"/>.</summary>
    Restarting,
    /// <summary>The job is over; the text says how.</summary>
    Ended,
}
