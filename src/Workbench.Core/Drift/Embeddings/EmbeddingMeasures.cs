using System.Numerics.Tensors;
using Workbench.Drift.Classifiers;
using Workbench.Drift.Kernels;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Embeddings;

/// <summary>What the tests of embeddings measure.</summary>
internal static class EmbeddingMeasures
{
    /// <summary>|mean of current - mean of reference|.</summary>
    public static DriftMeasure Euclidean(VectorPair pair) => new(TensorPrimitives.Distance<double>(pair.Reference.Mean(), pair.Current.Mean()));

    /// <summary>1 - cosine of the angle between the means; 1 where a mean is 0.</summary>
    public static DriftMeasure Cosine(VectorPair pair)
    {
        double[] x = pair.Reference.Mean(), y = pair.Current.Mean();
        double lengths = TensorPrimitives.Norm<double>(x) * TensorPrimitives.Norm<double>(y);
        return lengths > 0 ? new(1 - TensorPrimitives.Dot<double>(x, y) / lengths) : new(1, Note: "A mean is 0 and has no direction.");
    }

    /// <summary>
    /// The distance of the means in spreads of the reference (root of its total variance), without what chance alone makes of
    /// it: √max(0, |Δ|² - tr Σx / n - tr Σy / m) / √tr Σx.
    /// </summary>
    public static DriftMeasure Shift(VectorPair pair)
    {
        double distance = Euclidean(pair).Statistic;
        double x = Total(pair.Reference), y = Total(pair.Current);
        double excess = Math.Max(0, distance * distance - x / pair.Reference.TotalRows - y / pair.Current.TotalRows);
        return x > 0
            ? new(Math.Sqrt(excess / x)) { Exactness = pair.Exactness }
            : new(excess > 0 ? double.MaxValue : 0, Note: "The reference is constant.");
    }

    /// <summary>Part of the components whose Wasserstein distance in standard deviations is at least <paramref name="limit"/>.</summary>
    public static DriftMeasure ComponentRatio(VectorPair pair, double limit) =>
        new((double)Distances(pair).Count(distance => distance >= limit) / pair.Reference.Width) { Exactness = pair.Exactness };

    /// <summary>[D] the Wasserstein distance of each component in standard deviations of the reference.</summary>
    public static double[] Distances(VectorPair pair) =>
        [.. Enumerable.Range(0, pair.Reference.Width).Select(i =>
            EarthMover.Compare(new NumericPair(NumericColumn.Of(pair.Reference.Component(i)), NumericColumn.Of(pair.Current.Component(i)))).Statistic)];

    /// <summary>Area under the curve of a logistic regression that tells the sides apart, cross-validated.</summary>
    public static DriftMeasure Classifier(VectorPair pair)
    {
        int n = pair.Reference.Count, m = pair.Current.Count;
        if (Math.Min(n, m) < CrossValidation.LeastRows)
            return new(0.5, 1, 0, $"Not measured: {n:N0} and {m:N0} rows, {CrossValidation.LeastRows} a side are needed.");
        double[] mean = pair.Reference.Mean(), deviation = [.. pair.Reference.Variance(mean, 0).Select(Math.Sqrt)];
        var rows = FeatureRows.Dense(pair.Reference.Width, n + m);
        var row = new float[pair.Reference.Width];
        foreach (var side in (VectorSample[])[pair.Reference.Standardise(mean, deviation), pair.Current.Standardise(mean, deviation)])
            for (int i = 0; i < side.Count; i++)
            {
                TensorPrimitives.ConvertTruncating(side.Row(i), row.AsSpan());
                rows.Add(row);
            }
        bool[] isCurrent = [.. Enumerable.Range(0, n + m).Select(i => i >= n)];
        var area = CrossValidation.Area(rows, isCurrent, VectorPair.Seed, chosen =>
        {
            var model = LogisticRegression.Train(rows, isCurrent, chosen, VectorPair.Seed, CancellationToken.None);
            return i => model.Score(rows, i);
        });
        return new(area.Value, area.PValue(n, m), 2 * area.Value - 1, pair.Exactness == DriftExactness.Exact ? null : $"From {n:N0} of {pair.Reference.TotalRows:N0} and {m:N0} of {pair.Current.TotalRows:N0} rows.")
        {
            Exactness = pair.Exactness,
        };
    }

    // Trace of the covariance.
    private static double Total(VectorSample side) => side.Variance(side.Mean(), 1).Sum();
}
