using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>Gaps between groups of people in what a classifier of two classes does.</summary>
public static class Fairness
{
    /// <summary>Rates of each group and the gaps between them, with intervals by percentile bootstrap over rows.</summary>
    /// <param name="predictions">[N] binary predictions.</param>
    /// <param name="column">[N] the group of each row.</param>
    /// <param name="minimumRows">Groups with fewer rows are named and have no part in the gaps; at least 1, default 50.</param>
    /// <param name="samples">Number of resamples, at least 20; default 500.</param>
    /// <param name="seed">Of the resampling.</param>
    /// <exception cref="ArgumentException">The predictions are not binary, the column has not one value a row, or an argument is out of range.</exception>
    public static FairnessReport Evaluate(Predictions predictions, SliceColumn column, int minimumRows = 50, int samples = 500, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, Bootstrap.MinimumSamples);
        if (predictions.Task != PredictionTask.Binary)
            throw new ArgumentException($"Fairness gaps are of binary predictions, and these are {predictions.Task}. Ask for one class against the others.", nameof(predictions));
        var groups = Slices.Of(column, predictions.Rows);
        var once = Bootstrap.Once(predictions.Rows);
        var judged = groups.Where(group => group.Rows.Length >= minimumRows).ToList();
        var resampled = Bootstrap.RowCounts(predictions.Rows, samples, seed).Select(times => Gaps.Of(judged.Select(group => Rates(predictions, group.Rows, times)))).ToList();
        var gaps = Gaps.Of(judged.Select(group => Rates(predictions, group.Rows, once)));
        return new()
        {
            Column = column.Name, MinimumRows = minimumRows,
            Groups = [.. groups.Select(group => Group(group.Name, group.Rows, Rates(predictions, group.Rows, once)))],
            DemographicParityGap = Estimate(one => one.Selection),
            EqualOpportunityGap = Estimate(one => one.TruePositive),
            EqualisedOddsGap = Estimate(one => one.Odds),
        };

        FairnessGroup Group(string name, int[] rows, (double? Selection, double? TruePositive, double? FalsePositive) rates) =>
            new(name, rows.Length, rates.Selection!.Value, rates.TruePositive, rates.FalsePositive, rows.Length < minimumRows); // a group has rows

        MetricEstimate? Estimate(Func<Gaps, double?> gap) =>
            gap(gaps) is { } value ? MetricIntervals.Interval(value, resampled.Select(gap).OfType<double>()) : null;
    }

    private static (double? Selection, double? TruePositive, double? FalsePositive) Rates(Predictions predictions, int[] rows, double[] times)
    {
        double positives = 0, negatives = 0, found = 0, wrong = 0;
        foreach (int row in rows)
        {
            double selected = predictions.Predicted(row) * times[row];
            if (predictions.Labels[row] == 1)
                (positives, found) = (positives + times[row], found + selected);
            else
                (negatives, wrong) = (negatives + times[row], wrong + selected);
        }
        return (Ratio(found + wrong, positives + negatives), Ratio(found, positives), Ratio(wrong, negatives));
    }

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;

    private readonly record struct Gaps(double? Selection, double? TruePositive, double? FalsePositive)
    {
        public double? Odds => TruePositive is { } one && FalsePositive is { } other ? Math.Max(one, other) : null;

        public static Gaps Of(IEnumerable<(double? Selection, double? TruePositive, double? FalsePositive)> rates)
        {
            var all = rates.ToList();
            return new(Gap(all.Select(one => one.Selection)), Gap(all.Select(one => one.TruePositive)), Gap(all.Select(one => one.FalsePositive)));
        }

        private static double? Gap(IEnumerable<double?> rates) => rates.OfType<double>().ToList() is { Count: >= 2 } known ? known.Max() - known.Min() : null;
    }
}
