using System.Globalization;

namespace Workbench.Drift.Chunks;

/// <summary>From what was measured in the chunks to what a reader sees.</summary>
internal static class TimelineBuilder
{
    // A statistic that is equal but for rounding is no alert.
    private const double Rounding = 1e-12;
    private static readonly HashSet<string> EndsAtOne =
        ["ks", "kolmogorov_smirnov", "js", "jensen_shannon", "jensenshannon", "hellinger", "l-infinity", "l_infinity", "tvd", "TVD", "cramers-v"];

    public static DriftTimeline Build(ChunkPlan plan, IReadOnlyList<ColumnMeasures> measures, PValueCorrection correction)
    {
        var ranges = plan.Current.Ranges;
        var columns = measures.Where(one => one.Chunks is not null).Select(one => (Measures: one, Chunks: one.Chunks!)).ToList(); // just filtered
        var agreed = Agreed(columns.Select(one => one.Chunks).ToList(), ranges.Count, correction);
        var timelines = columns.Select((one, i) => Column(plan, one.Measures, one.Chunks, agreed[i])).ToList();
        return new()
        {
            By = plan.Chunking!.ToString(), // a time line has chunks
            TimeColumn = plan.Time,
            Season = plan.Season,
            Threshold = plan.Threshold.ToString(),
            Chunks = ranges.Select((range, chunk) => Chunk(plan, range, columns.Sum(one => one.Chunks.Nulls.Current[chunk]))).ToList(),
            ReferenceChunks = plan.Threshold.UsesReference ? plan.Reference.Ranges.Count(range => range.Rows > 0) : 0,
            Columns = timelines,
            DriftedShares = Enumerable.Range(0, ranges.Count).Select(chunk => DriftedShare(timelines, chunk)).ToList(),
            Rows = Rows(plan),
            ReferenceRowsWithoutTime = plan.Reference.WithoutTime,
            CurrentRowsWithoutTime = plan.Current.WithoutTime,
            Notes = plan.Notes,
        };
    }

    // [columns][chunks] whether the confirming tests agree; the p-values of a chunk are one family, as those of a report are.
    private static bool[][] Agreed(IReadOnlyList<ChunkStatistics> columns, int chunks, PValueCorrection correction)
    {
        var agreed = columns.Select(_ => Enumerable.Repeat(true, chunks).ToArray()).ToArray();
        var tests = columns.SelectMany((column, i) => column.Confirming.Select(test => (Column: i, Values: test))).ToList();
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            var known = tests.Where(test => !double.IsNaN(test.Values.Current[chunk])).ToList();
            var family = known.Where(one => one.Values.Test.Direction.IsByPValue()).ToList();
            var adjusted = PValueAdjustment.Adjust(family.Select(one => one.Values.Current[chunk]).ToList(), correction);
            for (int i = 0; i < family.Count; i++)
                agreed[family[i].Column][chunk] &= family[i].Values.Test.Direction.IsDrift(0, adjusted[i], family[i].Values.Test.Threshold);
            foreach (var (column, values) in known.Except(family))
                agreed[column][chunk] &= values.Test.Direction.IsDrift(values.Current[chunk], null, values.Test.Threshold);
        }
        return agreed;
    }

    private static ColumnTimeline Column(ChunkPlan plan, ColumnMeasures measures, ChunkStatistics chunks, bool[] agreed)
    {
        var tests = chunks.Deciding.Select(values => Series(values, chunks.Threshold)).ToList();
        var drift = agreed.Select((isAgreed, chunk) => isAgreed && tests.Exists(test => test.Alerts[chunk])).ToList();
        var compared = Enumerable.Range(0, drift.Count).Where(chunk => tests.Exists(test => test.Values[chunk] is not null)).ToList();
        int? first = drift.IndexOf(true) is >= 0 and int index ? index : null;
        int run = compared.AsEnumerable().Reverse().TakeWhile(chunk => drift[chunk]).Count();
        int? since = run > 0 ? compared[^run] : null;
        return new()
        {
            Column = measures.Column,
            Kind = measures.Kind,
            Tests = tests,
            NullShare = NullShare(plan, chunks),
            IsDrift = drift,
            FirstDrift = first,
            DriftsSince = since,
            FirstDriftTime = first is { } at ? plan.Current.Ranges[at].Start : null,
            Sentence = Sentence(measures.Column, tests, plan.Current.Ranges, first, since, drift.Count(one => one), compared.Count),
            Note = chunks.Note ?? (tests.Count == 0 ? "No deciding test of the column judges by a statistic, so there is nothing to follow over time." : null),
        };
    }

    private static DriftSeries Series(ChunkValues values, DriftThreshold threshold)
    {
        var known = values.Reference.Where(double.IsFinite).ToList();
        var (lower, upper) = threshold.Limits(known, values.Test.Threshold, EndsAtOne.Contains(values.Test.Name) ? 1 : double.PositiveInfinity);
        return Series(values.Test.Name, values.Current.Select(Known).ToList(), lower, upper, threshold.Kind == DriftThresholdKind.Test && values.Test.Direction == DriftDirection.StatisticAtOrAbove) with
        {
            Exactness = values.Exactness,
            Note = threshold.UsesReference ? string.Create(CultureInfo.InvariantCulture, $"Limits: {threshold}, {known.Count:N0} of them.") : $"Limits: {threshold}.",
        };
    }

    private static DriftSeries Series(string name, IReadOnlyList<double?> values, double? lower, double? upper, bool isInclusive = false) => new()
    {
        Test = name,
        Values = values,
        Lower = lower,
        Upper = upper,
        IsInclusive = isInclusive,
        Alerts = values.Select(value => isInclusive ? value >= upper : value > upper + Rounding || value < lower - Rounding).ToList(),
    };

    private static DriftSeries NullShare(ChunkPlan plan, ChunkStatistics chunks)
    {
        var shares = plan.Current.Ranges.Select((range, chunk) => Share(chunks.Nulls.Current[chunk], range.Compared)).ToList();
        var reference = plan.Reference.Ranges.Select((range, chunk) => Share(chunks.Nulls.Reference[chunk], range.Compared)).OfType<double>().ToList();
        var (lower, upper) = QualityLimits(plan, reference, 1);
        return Series("null share", shares, lower, upper);
    }

    private static DriftSeries Rows(ChunkPlan plan)
    {
        // Chunks of one size have that size.
        var reference = plan.Chunking?.Period is null ? [] : plan.Reference.Ranges.Select(range => (double)range.Rows).ToList();
        var (lower, upper) = QualityLimits(plan, reference, double.PositiveInfinity);
        return Series("rows", plan.Current.Ranges.Select(range => (double?)range.Rows).ToList(), lower, upper);
    }

    private static (double?, double?) QualityLimits(ChunkPlan plan, IReadOnlyList<double> reference, double largest) =>
        plan.Threshold.UsesReference && reference.Count >= ChunkPlan.FewChunks ? DriftThreshold.StandardDeviation(3, 3).Limits(reference, 0, largest) : (null, null);

    private static DriftChunk Chunk(ChunkPlan plan, ChunkRange range, long nulls) => new()
    {
        Label = range.Label,
        Start = range.Start,
        End = range.End,
        Rows = range.Rows,
        Nulls = nulls,
        Note = range.Rows == 0 ? "No rows."
            : range.Strange == 0 ? null
            : string.Create(CultureInfo.InvariantCulture, $"{range.Rows - range.Compared:N0} of {range.Rows:N0} rows are not compared: {plan.Lacks(range.Strange)}."),
    };

    private static double? DriftedShare(IReadOnlyList<ColumnTimeline> columns, int chunk)
    {
        int compared = columns.Count(column => column.Tests.Any(test => test.Values[chunk] is not null));
        return compared == 0 ? null : (double)columns.Count(column => column.IsDrift[chunk]) / compared;
    }

    private static string? Sentence(
        string column, IReadOnlyList<DriftSeries> tests, IReadOnlyList<ChunkRange> ranges, int? first, int? since, int drifted, int compared)
    {
        if ((since ?? first) is not { } chunk)
            return null;
        string why = string.Join(", ", tests.Where(test => test.Alerts[chunk]).Select(test => Words(test, test.Values[chunk])));
        return since is not null
            ? $"{column} drifts since {ranges[chunk].Label} ({why})"
            : string.Create(CultureInfo.InvariantCulture, $"{column} drifted in {drifted:N0} of {compared:N0} chunks, first in {ranges[chunk].Label} ({why})");
    }

    private static string Words(DriftSeries test, double? value) => test.IsInclusive
        ? string.Create(CultureInfo.InvariantCulture, $"{test.Test} {value:G3} ≥ {test.Upper:G3}")
        : value < test.Lower ? string.Create(CultureInfo.InvariantCulture, $"{test.Test} {value:G3} < {test.Lower:G3}")
        : string.Create(CultureInfo.InvariantCulture, $"{test.Test} {value:G3} > {test.Upper:G3}");

    private static double? Share(long nulls, long rows) => rows == 0 ? null : (double)nulls / rows;

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
