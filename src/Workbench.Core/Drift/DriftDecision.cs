namespace Workbench.Drift;

/// <summary>From measures to verdicts: adjusts p-values over the whole report, then judges each column.</summary>
internal static class DriftDecision
{
    public static IReadOnlyList<ColumnDrift> Decide(IReadOnlyList<ColumnMeasures> columns, PValueCorrection correction)
    {
        // What is only shown must not make what judges stricter: it is a family of its own.
        var judging = Adjusted(columns, correction, test => test.Role != DriftRole.Informs);
        var informing = Adjusted(columns, correction, test => test.Role == DriftRole.Informs);
        return columns.Select(column => Decide(column, test => (test.Role == DriftRole.Informs ? informing : judging).Dequeue())).ToList();
    }

    // The adjusted p-values of one family, in the order of columns and tests.
    private static Queue<double> Adjusted(IReadOnlyList<ColumnMeasures> columns, PValueCorrection correction, Func<DriftTest, bool> isMember)
    {
        var pValues = new List<double>();
        foreach (var (test, measure) in columns.SelectMany(column => column.Tests))
            if (isMember(test) && measure.PValue is { } p)
                pValues.Add(p);
        return new(PValueAdjustment.Adjust(pValues, correction));
    }

    private static ColumnDrift Decide(ColumnMeasures column, Func<DriftTest, double> adjusted)
    {
        var tests = column.Tests.Select(one => Result(one.Test, one.Measure, one.Measure.PValue is null ? null : adjusted(one.Test))).ToList();
        string? reason = column.CertainDrift ?? Reason(tests);
        return new()
        {
            Column = column.Column,
            Kind = column.Kind,
            Role = column.Role,
            Tests = tests,
            IsDrift = reason is not null,
            Reason = reason,
            NewCategories = column.NewCategories,
            MissingCategories = column.MissingCategories,
            NullShareReference = column.NullShareReference,
            NullShareCurrent = column.NullShareCurrent,
            Bins = column.Bins,
            Note = column.Note,
            Text = column.Text,
            Embedding = column.Embedding,
        };
    }

    private static DriftTestResult Result(DriftTest test, DriftMeasure measure, double? adjusted) => new()
    {
        Test = test.Name,
        Statistic = measure.Statistic,
        Lower = measure.Bounds?.Lower,
        Upper = measure.Bounds?.Upper,
        Exactness = measure.Exactness,
        PValue = measure.PValue,
        AdjustedPValue = adjusted,
        EffectSize = measure.EffectSize,
        ConfidenceLower = measure.Confidence?.Lower,
        ConfidenceUpper = measure.Confidence?.Upper,
        Threshold = test.Threshold,
        Direction = test.Direction,
        Role = test.Role,
        ConfirmLevel = test.ConfirmLevel,
        IsDrift = test.Direction.IsDrift(measure.Statistic, adjusted, test.Threshold) && !(adjusted > test.ConfirmLevel),
        Note = measure.Note,
    };

    private static string? Reason(List<DriftTestResult> tests)
    {
        var deciding = tests.Where(test => test.Role == DriftRole.Decides && test.IsDrift).ToList();
        var confirming = tests.Where(test => test.Role == DriftRole.Confirms).ToList();
        if (deciding.Count == 0 || confirming.Exists(test => !test.IsDrift))
            return null;
        string confirmation = confirming.Count > 0 ? $", confirmed by {string.Join(", ", confirming)}" : "";
        return string.Join(", ", deciding) + confirmation;
    }
}
