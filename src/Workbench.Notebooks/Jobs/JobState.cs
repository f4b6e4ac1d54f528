using System.Globalization;
using Workbench.Distributed.Launch;

namespace Workbench.Notebooks.Jobs;

/// <summary>What a job has told so far. Not thread-safe.</summary>
internal sealed class JobState(string title)
{
    private const int KeptLines = 20, LongestLine = 300;

    private readonly SortedDictionary<int, RankRow> _ranks = [];
    private readonly List<string> _reasons = [];
    private readonly Queue<string> _lines = [];
    private bool _isResumed;

    public string Title => title;

    public JobPhase Phase { get; private set; } = JobPhase.Running;

    public DateTimeOffset? Began { get; private set; }

    public DateTimeOffset? Ended { get; private set; }

    /// <summary>The attempt, from 1.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>Ranks of the attempt.</summary>
    public int Size { get; private set; }

    public IReadOnlyDictionary<int, RankRow> Ranks => _ranks;

    public LossCurve Losses { get; } = new();

    /// <summary>Why attempts ended that did not succeed, in order.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>The last lines that ranks wrote, with the rank before each.</summary>
    public IEnumerable<string> Lines => _lines;

    public JobModel? Model { get; private set; }

    /// <summary>The furthest that a rank with figures has come; null before the first.</summary>
    public RankMetrics? Latest => _ranks.Values.Select(rank => rank.Metrics).OfType<RankMetrics>().MaxBy(metrics => metrics.Step);

    /// <summary>Samples a second of all ranks, as the first that tells it sees it.</summary>
    public double? SamplesPerSecond => _ranks.Values.Select(rank => rank.Metrics?.SamplesPerSecond).FirstOrDefault(rate => rate is not null);

    public void Take(JobEvent told)
    {
        Began ??= told.At;
        switch (told.Kind)
        {
            case JobEventKind.Starting:
                Begin(told);
                break;
            case JobEventKind.RankStarted:
                Change(told, rank => rank with { Process = told.Text ?? "" });
                break;
            case JobEventKind.RankProgress:
                Change(told, rank => rank with { State = Word(told.State), Step = told.Step });
                break;
            case JobEventKind.RankReported:
                Learn(told);
                break;
            case JobEventKind.RankDone:
                Change(told, rank => rank with { State = "done", Step = told.Step ?? rank.Step });
                break;
            case JobEventKind.RankLost or JobEventKind.RankStalled or JobEventKind.RankFailed:
                Change(told, rank => rank with { State = told.Kind == JobEventKind.RankLost ? "lost" : told.Kind == JobEventKind.RankStalled ? "stalled" : "failed" });
                break;
            case JobEventKind.Output:
                AddLine(told);
                break;
            case JobEventKind.Aborted:
                _reasons.Add(string.Create(CultureInfo.InvariantCulture, $"attempt {told.Attempt}: {told.Text}"));
                Phase = JobPhase.Waiting;
                EndRanks();
                break;
            case JobEventKind.Restarting:
                (Attempt, Size) = (told.Attempt, told.Size ?? Size);
                break;
            case JobEventKind.Ended:
                (Phase, Ended) = (told.Result?.Succeeded == true ? JobPhase.Done : JobPhase.Failed, told.At);
                Model = told.Result?.Model ?? Model;
                break;
        }
    }

    /// <summary>Nothing more will be told.</summary>
    public void Stop(DateTimeOffset at)
    {
        if (Ended is not null)
            return;
        (Phase, Ended) = (JobPhase.Stopped, at);
        EndRanks();
    }

    private void Begin(JobEvent told)
    {
        (Phase, Attempt, Size, _isResumed) = (JobPhase.Running, told.Attempt, told.Size ?? 0, told.Attempt > 1);
        _ranks.Clear();
        for (int rank = 0; rank < Size; rank++)
            _ranks[rank] = new("starting", told.At);
    }

    private void EndRanks()
    {
        foreach (var (number, rank) in _ranks.ToList())
            if (rank.State is not ("done" or "lost" or "stalled" or "failed"))
                _ranks[number] = rank with { State = "ended" };
    }

    private void Change(JobEvent told, Func<RankRow, RankRow> change)
    {
        if (told.Rank is { } number && _ranks.TryGetValue(number, out var rank))
            _ranks[number] = change(rank) with { Heard = told.At };
    }

    private void Learn(JobEvent told)
    {
        Model = told.Model ?? Model;
        if (told.Metrics is not { } metrics)
            return;
        Change(told, rank => rank with { Metrics = metrics, Step = metrics.Step });
        if (told.Rank != 0)
            return;
        if (_isResumed)
            Losses.GoBackTo(metrics.Step - 1);
        _isResumed = false;
        // Each rank tells the mean of its own rows, of which all have as many.
        if (metrics.TrainingLoss is not null)
            Losses.AddTraining(metrics.Step, _ranks.Values.Select(rank => rank.Metrics?.TrainingLoss).OfType<double>().Average());
        if (metrics.ValidationLoss is { } loss)
            Losses.AddValidation(metrics.Step, loss);
    }

    private void AddLine(JobEvent told)
    {
        // The launcher's own words are in the reason when it is at fault; else they only tell of a rank's end once more.
        if (told.Rank is null)
            return;
        var text = told.Text ?? "";
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"rank {told.Rank}: ") + (text.Length > LongestLine ? text[..LongestLine] + "…" : text));
        if (_lines.Count > KeptLines)
            _lines.Dequeue();
    }

    private static string Word(RankState? state) => state switch
    {
        RankState.Starting => "starting",
        RankState.InCollective => "waiting for others",
        RankState.Done => "done",
        _ => "computing",
    };
}
