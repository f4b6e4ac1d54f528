namespace Workbench.Drift.Chunks;

/// <summary>One column on both sides, ready to compare chunks. For one thread.</summary>
internal abstract class ChunkColumn
{
    /// <summary>Chooses the reference rows of these seasons for what follows, 0 for all.</summary>
    public abstract void Select(uint seasons);

    /// <summary>A test's statistic and p-value in a chunk; null when chunk or reference has no value.</summary>
    public abstract DriftMeasure? Measure(DriftTest test, int chunk, bool isReference, bool without);

    /// <summary>Whether the test's values here are those of all rows.</summary>
    public abstract DriftExactness Exactness(DriftTest test);

    /// <summary>The deciding tests over all chunks, and what the thresholds need.</summary>
    public ChunkStatistics Run(ChunkPlan plan, IReadOnlyList<DriftTest> tests, (long[] Reference, long[] Current) nulls, CancellationToken cancellationToken)
    {
        var deciding = tests.Where(test => test.Role == DriftRole.Decides && !test.Direction.IsByPValue()).ToList();
        var threshold = plan.Threshold;
        string? note = null;
        var reference = new double[deciding.Count][];
        if (threshold.UsesReference)
        {
            reference = Values(plan.Reference, deciding, true, threshold.LeaveOneOut, measure => measure.Statistic, cancellationToken);
            int known = reference.Select(values => values.Count(double.IsFinite)).DefaultIfEmpty(0).Min();
            if (known < (plan.IsDefaultThreshold ? ChunkPlan.FewChunks : 1))
            {
                note = $"{known} chunks of the reference can be compared with the rest of it, too few to set limits; the limits are those of the tests.";
                threshold = DriftThreshold.FromTest;
            }
        }
        var current = Values(plan.Current, deciding, false, false, measure => measure.Statistic, cancellationToken);
        var confirming = threshold.Kind == DriftThresholdKind.Test ? tests.Where(test => test.Role == DriftRole.Confirms).ToList() : [];
        var confirmed = Values(plan.Current, confirming, false, false, measure => measure.PValue ?? measure.Statistic, cancellationToken);
        return new()
        {
            Deciding = deciding.Select((test, i) => new ChunkValues(test, reference[i] ?? [], current[i], Exactness(test))).ToList(),
            Confirming = confirming.Select((test, i) => new ChunkValues(test, [], confirmed[i])).ToList(),
            Nulls = nulls,
            Threshold = threshold,
            Note = note,
        };
    }

    // [tests][chunks]; chunks of the same seasons one after the other, so that each set of seasons is selected once.
    private double[][] Values(
        SideChunks side, IReadOnlyList<DriftTest> tests, bool isReference, bool without, Func<DriftMeasure, double> value, CancellationToken cancellationToken)
    {
        var values = tests.Select(_ => Enumerable.Repeat(double.NaN, side.Ranges.Count).ToArray()).ToArray();
        if (tests.Count == 0)
            return values;
        foreach (var group in Enumerable.Range(0, side.Ranges.Count).Where(chunk => side.Ranges[chunk].Compared > 0).GroupBy(chunk => side.Ranges[chunk].Seasons))
        {
            Select(group.Key);
            foreach (int chunk in group)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int test = 0; test < tests.Count; test++)
                    values[test][chunk] = Measure(tests[test], chunk, isReference, without) is { } measure ? value(measure) : double.NaN;
            }
        }
        return values;
    }
}
