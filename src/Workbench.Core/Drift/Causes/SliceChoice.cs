namespace Workbench.Drift.Causes;

/// <summary>Chooses among thousands of overlapping slices the few that say different things.</summary>
internal static class SliceChoice
{
    // A second condition must add so much to what the best slice of either column says alone, else it is noise.
    private const double PairGain = 1.15;
    private const int MinimumRows = 30;
    // Scores of the same rows may differ by rounding; of those the simplest condition is taken.
    private const int Digits = 12;

    /// <summary>Every slice of a grid that is large enough.</summary>
    public static IEnumerable<SliceCandidate> Candidates(SliceGrid reference, SliceGrid current, TallyPair all, double minimumShare)
    {
        // The one cell of a grid of one column.
        IReadOnlyList<(int First, int Last)> second = reference.Second is null ? [(0, 0)] : [.. reference.Second.Intervals()];
        foreach (var i in reference.First.Intervals())
            foreach (var j in second)
            {
                var rows = new TallyPair(reference.Of(i, j), current.Of(i, j));
                if (Math.Max(rows.Reference.Count, rows.Current.Count) >= MinimumRows && (SliceMath.ReferenceShare(rows, all) + SliceMath.CurrentShare(rows, all)) / 2 >= minimumShare)
                    yield return new(reference.First, i, reference.Second, j, rows);
            }
    }

    /// <summary>
    /// The best first; none that repeats a better one, and pairs only where they gain. A column alone is named once where
    /// <paramref name="onceAColumn"/> says so: what grew at one end shrank at the other.
    /// </summary>
    public static IReadOnlyList<SliceCandidate> Choose(IEnumerable<SliceCandidate> scored, int count, bool onceAColumn)
    {
        var all = scored.Where(one => one.Score > 0).ToList();
        var alone = all.Where(one => !one.IsPair).GroupBy(one => one.First.Column).ToDictionary(group => group.Key, group => group.Max(one => one.Score));
        var chosen = new List<SliceCandidate>();
        foreach (var candidate in all.Where(one => !one.IsPair || one.Score >= PairGain * Math.Max(alone.GetValueOrDefault(one.First.Column), alone.GetValueOrDefault(one.Second!.Column)))
            .OrderByDescending(one => Math.Round(one.Score, Digits)).ThenBy(one => one.IsPair).ThenByDescending(one => one.OpenEnds))
        {
            if (chosen.Count == count)
                break;
            if (!chosen.Exists(candidate.Repeats) && !(onceAColumn && !candidate.IsPair && chosen.Exists(one => !one.IsPair && one.First.Column == candidate.First.Column)))
                chosen.Add(candidate);
        }
        return chosen;
    }
}
