using System.Numerics.Tensors;
using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace Workbench.Drift.Kernels;

/// <summary>Maximum mean discrepancy (MMD) of two samples: how far the means lie apart in the space of a Gaussian kernel (Gretton et al. 2012, J. Mach. Learn. Res. 13, 723-773).</summary>
internal static class MeanDiscrepancy
{
    /// <summary>MMD² without bias, which may be a little below 0, and its p-value by <paramref name="permutations"/> of the sides. The effect size is MMD, in [0, √2].</summary>
    public static DriftMeasure Compare(VectorPair pair, int permutations, int rows, Random random)
    {
        var drawn = pair.Draw(rows, random);
        if (TooFew(drawn) is { } few)
            return few;
        var kernel = GaussianKernel.For(drawn.Reference);
        var sums = new KernelSums(kernel, drawn);
        double statistic = sums.SquaredDiscrepancy();
        int atLeast = Enumerable.Range(0, permutations).Count(_ => sums.Permuted(random) >= statistic);
        return Result(statistic, (1.0 + atLeast) / (1 + permutations), drawn);
    }

    /// <summary>
    /// MMD² as the mean over pairs of rows, each row in one pair, and its p-value from the normal distribution (Gretton et
    /// al., lemma 14): a cost linear in the rows, so that more rows make up for the larger noise.
    /// </summary>
    public static DriftMeasure CompareLinear(VectorPair pair, int rows, Random random)
    {
        var drawn = pair.Draw(rows, random);
        int pairs = Math.Min(drawn.Reference.Count, drawn.Current.Count) / 2;
        if (pairs < 2)
            return Few(drawn, 4);
        var terms = Terms(GaussianKernel.For(drawn.Reference), drawn, pairs);
        double mean = terms.Average(), deviation = terms.StandardDeviation();
        double pValue = deviation > 0 ? SpecialFunctions.Erfc(mean / (deviation / Math.Sqrt(pairs)) / Math.Sqrt(2)) / 2 : mean > 0 ? 0 : 1;
        return Result(mean, pValue, drawn);
    }

    /// <summary>k(x, x') + k(y, y') - k(x, y') - k(x', y) of rows 2i and 2i + 1.</summary>
    internal static double[] Terms(GaussianKernel kernel, VectorPair pair, int pairs)
    {
        var (x, y) = (pair.Reference, pair.Current);
        return [.. Enumerable.Range(0, pairs).Select(i =>
            kernel.Of(x.Row(2 * i), x.Row(2 * i + 1)) + kernel.Of(y.Row(2 * i), y.Row(2 * i + 1))
            - kernel.Of(x.Row(2 * i), y.Row(2 * i + 1)) - kernel.Of(y.Row(2 * i), x.Row(2 * i + 1)))];
    }

    internal static DriftMeasure? TooFew(VectorPair pair) => Math.Min(pair.Reference.Count, pair.Current.Count) < 2 ? Few(pair, 2) : null;

    internal static DriftMeasure Result(double statistic, double pValue, VectorPair drawn) => new(statistic, pValue, Math.Sqrt(Math.Max(0, statistic)), Sampled(drawn))
    {
        Exactness = drawn.Exactness,
    };

    private static DriftMeasure Few(VectorPair pair, int needed) =>
        new(0, 1, 0, $"Not measured: {pair.Reference.Count} and {pair.Current.Count} rows, {needed} a side are needed.");

    private static string? Sampled(VectorPair drawn) => drawn.Exactness == DriftExactness.Exact
        ? null
        : $"From {drawn.Reference.Count:N0} of {drawn.Reference.TotalRows:N0} and {drawn.Current.Count:N0} of {drawn.Current.TotalRows:N0} rows.";

    /// <summary>The kernel of all rows of both sides with each other, whose sums over any split give the discrepancy.</summary>
    private sealed class KernelSums
    {
        private readonly int _n, _all;
        private readonly double[] _matrix;
        private readonly double[] _rows;
        private readonly double[] _isFirst;
        private readonly int[] _order;
        private readonly double _total;

        public KernelSums(GaussianKernel kernel, VectorPair pair)
        {
            _n = pair.Reference.Count;
            _all = _n + pair.Current.Count;
            var both = new VectorSample([.. pair.Reference.Values, .. pair.Current.Values], pair.Reference.Width, _all);
            _matrix = new double[_all * _all];
            for (int i = 0; i < _all; i++)
                for (int j = i + 1; j < _all; j++)
                    _matrix[i * _all + j] = _matrix[j * _all + i] = kernel.Of(both.Row(i), both.Row(j));
            _rows = [.. Enumerable.Range(0, _all).Select(i => TensorPrimitives.Sum<double>(_matrix.AsSpan(i * _all, _all)))];
            _total = _rows.Sum();
            _order = [.. Enumerable.Range(0, _all)];
            _isFirst = new double[_all];
        }

        public double SquaredDiscrepancy() => Of([.. Enumerable.Range(0, _all)]);

        public double Permuted(Random random)
        {
            random.Shuffle(_order);
            return Of(_order);
        }

        // The first n of the order are one side.
        private double Of(int[] order)
        {
            double n = _n, m = _all - _n;
            Array.Clear(_isFirst);
            foreach (int row in order.AsSpan(0, _n))
                _isFirst[row] = 1;
            double inside = 0, touching = 0;
            foreach (int row in order.AsSpan(0, _n))
            {
                inside += TensorPrimitives.Dot(_matrix.AsSpan(row * _all, _all), _isFirst);
                touching += _rows[row];
            }
            double between = touching - inside, other = _total - touching - between;
            return inside / (n * (n - 1)) + other / (m * (m - 1)) - 2 * between / (n * m);
        }
    }
}
