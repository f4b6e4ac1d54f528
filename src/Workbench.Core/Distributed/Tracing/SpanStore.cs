namespace Workbench.Distributed.Tracing;

/// <summary>The first and the last spans of a training, a quarter and three quarters of so many; those between are counted only. Not thread-safe.</summary>
internal sealed class SpanStore(int most)
{
    private readonly List<RecordedSpan> _first = [], _last = [];
    private readonly int _mostFirst = Math.Max(1, most / 4), _mostLast = Math.Max(1, most - Math.Max(1, most / 4));
    private int _oldest;   // of the last ones, which are a ring once they are full
    private long _lost, _firstLostStep, _lastLostStep;

    /// <summary>Spans added so far.</summary>
    public long Count => _first.Count + _last.Count + _lost;

    public void Add(in RecordedSpan span)
    {
        if (_first.Count < _mostFirst)
            _first.Add(span);
        else if (_last.Count < _mostLast)
            _last.Add(span);
        else
        {
            _lastLostStep = _last[_oldest].Step;
            if (_lost++ == 0)
                _firstLostStep = _lastLostStep;
            _last[_oldest] = span;
            _oldest = (_oldest + 1) % _last.Count;
        }
    }

    /// <summary>At most <paramref name="most"/> of the spans, whole steps only; and the steps between, where there are more.</summary>
    public (IReadOnlyList<RecordedSpan> Spans, (long From, long To)? LeftOut) Take(int most)
    {
        List<RecordedSpan> all = [.. _first, .. _last.Skip(_oldest), .. _last.Take(_oldest)];
        if (_lost == 0 && all.Count <= most)
            return (all, null);
        int first = Math.Min(_first.Count, Math.Max(1, most / 4)), last = Math.Min(all.Count - first, most - first);
        bool loses = _lost > 0;
        long from = loses && first == _first.Count ? _firstLostStep : all[first].Step;
        long to = loses && all.Count - last == _first.Count ? _lastLostStep : all[all.Count - last - 1].Step;
        return ([.. all.Take(first).Where(span => span.Step < from), .. all.TakeLast(last).Where(span => span.Step > to)], (from, to));
    }
}
