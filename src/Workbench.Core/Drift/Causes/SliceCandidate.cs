namespace Workbench.Drift.Causes;

/// <summary>Rows inside an interval of cells of one column, or of two.</summary>
internal sealed record SliceCandidate(CauseBins First, (int First, int Last) FirstInterval, CauseBins? Second, (int First, int Last) SecondInterval, TallyPair Rows)
{
    /// <summary>How interesting it is; the larger the better.</summary>
    public double Score { get; init; }

    public bool IsPair => Second is not null;

    /// <summary>Ranges without a lower or upper end: the more, the shorter the sentence.</summary>
    public int OpenEnds => Conditions.Sum(one => (one.Lower is null ? 1 : 0) + (one.Upper is null ? 1 : 0));

    public IReadOnlyList<SliceCondition> Conditions => Second is null ? [First.Condition(FirstInterval)] : [First.Condition(FirstInterval), Second.Condition(SecondInterval)];

    /// <summary>True when both speak of a column in common, and overlap in every one that they share.</summary>
    public bool Repeats(SliceCandidate other)
    {
        var shared = Intervals().Join(other.Intervals(), one => one.Column, one => one.Column, (a, b) => a.Interval.First <= b.Interval.Last && b.Interval.First <= a.Interval.Last).ToList();
        return shared.Count > 0 && shared.TrueForAll(overlaps => overlaps);
    }

    private IEnumerable<(string Column, (int First, int Last) Interval)> Intervals()
    {
        yield return (First.Column, FirstInterval);
        if (Second is not null)
            yield return (Second.Column, SecondInterval);
    }
}
