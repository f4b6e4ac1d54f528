namespace Workbench.Evaluation;

/// <summary>A metric of two classes that threshold or ranking decides.</summary>
internal sealed class ClassCountsStatistic(RankedRows rows, Func<ClassCounts, double?> metric) : Statistic
{
    public override double? Of(ReadOnlySpan<double> weights) => metric(rows.CountRows(weights));
}
