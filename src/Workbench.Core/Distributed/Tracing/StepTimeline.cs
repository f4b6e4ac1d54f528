using System.Diagnostics;
using static TorchSharp.torch;

namespace Workbench.Distributed.Tracing;

/// <summary>
/// When this rank did what: spans of the training's thread, the work of the ranks' engine beside it, and how long the one
/// waited for the other. Every rank has one, or none has. Not thread-safe, yet a thread may wait on another's behalf.
/// </summary>
internal sealed class StepTimeline
{
    private static readonly int KindCount = Enum.GetValues<TimelineKind>().Length;
    private static readonly string[] Names = [.. Enum.GetValues<TimelineKind>().Select(kind => kind == TimelineKind.Gradients ? "exchange gradients" : kind.ToString().ToLowerInvariant())];

    private readonly ICollective _ranks;
    private readonly TimelineOptions _files;
    private readonly SpanStore _spans;
    private readonly List<(CollectiveWork Work, string Operation, long Bytes, long Step)> _pending = [];
    private readonly Dictionary<(string Operation, string? Subject), (string Name, string Wait)> _names = [];
    private readonly long[] _ticks = new long[KindCount];
    private readonly long _created = Stopwatch.GetTimestamp();
    // Ranks of several hosts have no common stopwatch; their clocks are as equal as NTP makes them.
    private readonly DateTimeOffset _createdAt = TimeProvider.System.GetUtcNow();

    private long _started, _steps, _rows, _rowsOfStep, _waited, _step;
    private Mark? _stepBegun;

    public StepTimeline(ICollective ranks, TimelineOptions files)
    {
        (_ranks, _files, _started) = (ranks, files, _created);
        _spans = new(files.Path is null ? ExcerptOfARank : TimelineOptions.MostSpansOfARank);
        Ranks = ranks.Size > 1 ? new TracedCollective(ranks, this) : ranks;
    }

    /// <summary>The ranks that a training has to use so that their work is seen.</summary>
    public ICollective Ranks { get; }

    private int ShownInExcerpt => Math.Min(_ranks.Size, TimelineOptions.MostRanksOfAnExcerpt);

    private int ExcerptOfARank => TimelineOptions.MostSpansOfAnExcerpt / ShownInExcerpt;

    /// <summary>Begins to count, after everything was set up.</summary>
    /// <param name="step">Steps done already.</param>
    public void Start(long step)
    {
        Array.Clear(_ticks);
        (_started, _step) = (Stopwatch.GetTimestamp(), step);
    }

    /// <summary>Now, as the begin of a span.</summary>
    public Mark Begin() => new(Stopwatch.GetTimestamp(), _waited);

    /// <summary>Ends a span of the training's thread.</summary>
    public void End(TimelineKind kind, Mark begun)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)kind] += now - begun.At - (_waited - begun.Waited);
        _spans.Add(new(Names[(int)kind], kind, begun.At, now, _step, 0));
    }

    /// <summary>Items of an epoch; each wait for one is a span, and the first of a step begins that.</summary>
    public IEnumerable<T> Timed<T>(IEnumerable<T> items)
    {
        _stepBegun = null;   // what came between two epochs belongs to no step
        using var all = items.GetEnumerator();
        while (true)
        {
            _stepBegun ??= Begin();
            var begun = Begin();
            if (!all.MoveNext())
                yield break;
            End(TimelineKind.Data, begun);
            yield return all.Current;
        }
    }

    /// <summary>Rows that the step at work computes on, of all ranks together.</summary>
    public void AddRows(long rows) => _rowsOfStep += rows;

    /// <summary>The step is done.</summary>
    public void EndStep()
    {
        long now = Stopwatch.GetTimestamp();
        if (_stepBegun is { } begun)
            _spans.Add(new(Names[(int)TimelineKind.Step], TimelineKind.Step, begun.At, now, _step, _rowsOfStep));
        Collect();
        _rows += _rowsOfStep;
        (_stepBegun, _rowsOfStep) = (null, 0);
        _steps++;
        _step++;
    }

    /// <summary>Work of the engine, which is seen when it is done, as is what anybody waits for it.</summary>
    public CollectiveWork Watch(CollectiveWork work, string operation, long bytes)
    {
        if (work == CollectiveWork.Done)
            return work;
        work.Waited = began => EndWait(NamesOf(operation, work.Subject).Wait, began);
        _pending.Add((work, operation, bytes, _step));
        return work;
    }

    /// <summary>The training's thread has waited since then.</summary>
    public void EndWait(string name, long began)
    {
        long now = Stopwatch.GetTimestamp();
        _waited += now - began;
        _ticks[(int)TimelineKind.Wait] += now - began;
        _spans.Add(new(name, TimelineKind.Wait, began, now, _step, 0));
    }

    /// <summary>Writes the files, on rank 0. Every rank calls it once, at the end.</summary>
    public void Write()
    {
        long now = Stopwatch.GetTimestamp();
        Collect();
        var (summaries, origins) = Gather(now);
        if (_files.Path is { } path)
            Write(path, TimelineOptions.MostSpansOfARank, _ranks.Size, summaries, origins);
        if (_files.ExcerptPath is { } excerpt)
            Write(excerpt, ExcerptOfARank, ShownInExcerpt, summaries, origins);
    }

    private void Write(string path, int spansOfARank, int shown, IReadOnlyList<TimelineSummary> summaries, IReadOnlyList<double> origins)
    {
        var (spans, leftOut) = _spans.Take(spansOfARank);
        double offset = origins[_ranks.Rank] - origins.Min();
        var events = new List<string>();
        for (int rank = 0; rank < shown; rank++)
            events.Add(TensorExchange.Broadcast(rank == _ranks.Rank ? TimelineWriter.Events(rank, spans, _created, offset) : null, _ranks, rank));
        if (_ranks.Rank != 0)
            return;
        var begunAt = DateTimeOffset.UnixEpoch.AddMicroseconds(Math.Floor(origins.Min()));
        Data.AtomicFile.WriteAllText(path, TimelineWriter.File(events, _ranks, begunAt, shown, leftOut, _spans.Count - spans.Count, summaries));
    }

    // Of every rank, on every rank.
    private (IReadOnlyList<TimelineSummary> Summaries, IReadOnlyList<double> Origins) Gather(long now)
    {
        double[] own = [(_createdAt - DateTimeOffset.UnixEpoch).TotalMicroseconds, Seconds(now - _started), _steps, _rows, .. _ticks.Select(Seconds)];
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (one, all) = (tensor(own), zeros(own.Length * _ranks.Size, ScalarType.Float64));   // [F], [N · F]
        _ranks.AllGather(one, all).Wait();
        double[][] rows = [.. all.data<double>().ToArray().Chunk(own.Length)];
        return ([.. rows.Select((row, rank) => new TimelineSummary
        {
            Rank = rank, Wall = TimeSpan.FromSeconds(row[1]), Steps = (long)row[2], Rows = (long)row[3],
            Times = TimelineSummary.Kinds.ToDictionary(kind => kind, kind => TimeSpan.FromSeconds(row[4 + (int)kind])),
        })], [.. rows.Select(row => row[0])]);
    }

    // Spans of work that has ended; nothing is under way after a step, as a rule.
    private void Collect()
    {
        foreach (var (work, operation, bytes, step) in _pending)
            if (work.IsDone)
                _spans.Add(new(NamesOf(operation, work.Subject).Name, TimelineKind.Collective, work.Began, work.Ended, step, bytes));
        _pending.RemoveAll(pending => pending.Work.IsDone);
    }

    private (string Name, string Wait) NamesOf(string operation, string? subject)
    {
        if (_names.TryGetValue((operation, subject), out var known))
            return known;
        string name = subject is null ? operation : $"{operation} of {subject}";
        return _names[(operation, subject)] = (name, $"wait for {name}");
    }

    private static double Seconds(long ticks) => ticks / (double)Stopwatch.Frequency;

    /// <summary>A moment, and how long the thread had waited up to then.</summary>
    internal readonly record struct Mark(long At, long Waited);
}
