using System.Globalization;

namespace Workbench.Drift;

/// <summary>From measures to verdicts: adjusts p-values over the whole report, then judges each column.</summary>
internal static class DriftDecision
{
    public static IReadOnlyList<ColumnDrift> Decide(IReadOnlyList<ColumnMeasures> columns, PValueCorrection correction)
    {
        var pValues = columns.SelectMany(column => column.Tests).Select(test => test.Measure.PValue).OfType<double>().ToList();
        var adjusted = new Queue<double>(PValueAdjustment.Adjust(pValues, correction));
        return columns.Select(column => Decide(column, adjusted)).ToList();
    }

    private static ColumnDrift Decide(ColumnMeasures column, Queue<double> adjusted)
    {
        var tests = column.Tests.Select(one => Result(one.Test, one.Measure, one.Measure.PValue is null ? null : adjusted.Dequeue())).ToList();
        string? reason = column.CertainDrift ?? Reason(tests);
        return new()
        {
            Column = column.Column,
            Kind = column.Kind,
            Tests = tests,
            IsDrift = reason is not null,
            Reason = reason,
            NewCategories = column.NewCategories,
            MissingCategories = column.MissingCategories,
            NullShareReference = column.NullShareReference,
            NullShareCurrent = column.NullShareCurrent,
            Bins = column.Bins,
            Note = column.Note,
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
        Threshold = test.Threshold,
        Direction = test.Direction,
        Role = test.Role,
        IsDrift = test.Direction == DriftDirection.PValueAtOrBelow ? adjusted <= test.Threshold : measure.Statistic >= test.Threshold,
        Note = measure.Note,
    };

    private static string? Reason(List<DriftTestResult> tests)
    {
        var deciding = tests.Where(test => test.Role == DriftRole.Decides && test.IsDrift).ToList();
        var confirming = tests.Where(test => test.Role == DriftRole.Confirms).ToList();
        if (deciding.Count == 0 || confirming.Exists(test => !test.IsDrift))
            return null;
        string confirmation = confirming.Count > 0 ? $", confirmed by {string.Join(", ", confirming.Select(Words))}" : "";
        return string.Join(", ", deciding.Select(Words)) + confirmation;
    }

    private static string Words(DriftTestResult test) => test.Direction == DriftDirection.PValueAtOrBelow
        ? string.Create(CultureInfo.InvariantCulture, $"{test.Test} p {test.AdjustedPValue:G2} ≤ {test.Threshold:G3}")
        : string.Create(CultureInfo.InvariantCulture, $"{test.Test} {test.Statistic:G3} ≥ {test.Threshold:G3}");
}
