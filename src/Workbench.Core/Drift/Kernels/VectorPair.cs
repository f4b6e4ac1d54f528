using Workbench.Drift.Numeric;

namespace Workbench.Drift.Kernels;

/// <summary>Rows of numbers of both sides, of the same width.</summary>
internal sealed record VectorPair(VectorSample Reference, VectorSample Current)
{
    /// <summary>Fixed, so that the same rows give the same report.</summary>
    public const int Seed = 20240601;

    public DriftExactness Exactness => Reference.IsSampled || Current.IsSampled ? DriftExactness.Estimated : DriftExactness.Exact;

    /// <summary>At most <paramref name="rows"/> rows a side.</summary>
    public VectorPair Draw(int rows, Random random) => new(Reference.Draw(rows, random), Current.Draw(rows, random));

    /// <summary>At most <paramref name="rows"/> values a side of one numeric column.</summary>
    public static VectorPair Of(MergedValues merged, int rows, Random random) => new(
        Draw(merged.Values, merged.Reference, merged.ReferenceCount, rows, random),
        Draw(merged.Values, merged.Current, merged.CurrentCount, rows, random));

    // Ranks are drawn without replacement by Floyd's method (Bentley and Floyd 1987, Commun. ACM 30, 754-757).
    private static VectorSample Draw(double[] values, long[] counts, long total, int rows, Random random)
    {
        var ranks = new SortedSet<long>();
        for (long last = Math.Max(0, total - rows); last < total; last++)
            if (!ranks.Add(random.NextInt64(last + 1)))
                ranks.Add(last);
        var drawn = new double[ranks.Count];
        int place = 0, value = 0;
        long passed = counts[0];
        foreach (long rank in ranks)
        {
            while (rank >= passed)
                passed += counts[++value];
            drawn[place++] = values[value];
        }
        random.Shuffle(drawn);
        return new(drawn, 1, total);
    }
}
