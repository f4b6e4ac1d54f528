using MathNet.Numerics.LinearAlgebra;

namespace Workbench.Drift.Kernels;

/// <summary>
/// Least-squares density difference (LSDD): the integral of the squared difference of two densities, fitted directly as a
/// sum of Gaussian bells (Sugiyama et al. 2013, Neural Comput. 25, 2734-2775), with the choices of alibi-detect: centres at
/// a twentieth of the reference rows, which are set aside, components standardised by the reference, the bells' integral
/// without its factor (πσ²)^(d/2), and the largest regularisation of 1, 1/4, 1/16 and so on that changes the estimate by
/// less than 0.2 of itself (Bu, Alippi and Zhao 2018, IEEE Trans. Neural Netw. Learn. Syst. 29, 2714-2726).
/// </summary>
internal static class DensityDifference
{
    private const double LargestChange = 0.2;
    private const int Regularisations = 10;

    public static DriftMeasure Compare(VectorPair pair, int permutations, int rows, Random random)
    {
        var drawn = pair.Draw(rows, random);
        if (Math.Min(drawn.Reference.Count, drawn.Current.Count) < 4)
            return MeanDiscrepancy.TooFew(drawn) ?? new(0, 1, 0, $"Not measured: {drawn.Reference.Count} and {drawn.Current.Count} rows, 4 a side are needed.");
        double[] mean = drawn.Reference.Mean(), deviation = [.. drawn.Reference.Variance(mean, 1).Select(Math.Sqrt)];
        VectorSample reference = drawn.Reference.Standardise(mean, deviation), current = drawn.Current.Standardise(mean, deviation);
        var centres = Centres(reference);
        var outside = reference.Take([.. Enumerable.Range(0, reference.Count).Except(centres)]);
        var kernel = GaussianKernel.For(reference);
        var orders = Enumerable.Range(0, permutations).Select(_ => Shuffled(outside.Count + current.Count, random)).ToList();
        var (statistic, permuted) = Measure(kernel, reference.Take(centres), outside, current, orders);
        double pValue = (1.0 + permuted.Count(one => one >= statistic)) / (1 + permutations);
        return MeanDiscrepancy.Result(statistic, pValue, drawn) with { EffectSize = null };
    }

    /// <summary>The difference, and the same of each order of all rows, whose first rows stand for the reference.</summary>
    internal static (double Statistic, double[] Permuted) Measure(
        GaussianKernel kernel, VectorSample centres, VectorSample reference, VectorSample current, IReadOnlyList<int[]> orders)
    {
        int n = reference.Count, m = current.Count, bells = centres.Count;
        double[] similar = [.. kernel.Matrix(reference, centres), .. kernel.Matrix(current, centres)];
        Vector<double> Gap(int[] order)
        {
            var gap = new double[bells];
            for (int i = 0; i < order.Length; i++)
                for (int bell = 0; bell < bells; bell++)
                    gap[bell] += similar[order[i] * bells + bell] * (i < n ? 1.0 / n : -1.0 / m);
            return Vector<double>.Build.Dense(gap);
        }
        var overlap = Matrix<double>.Build.Dense(bells, bells, new GaussianKernel(Math.Sqrt(2) * kernel.Sigma).Matrix(centres, centres));
        var gaps = orders.Select(Gap).ToList();
        var form = Form(overlap, gaps);
        var own = Gap([.. Enumerable.Range(0, n + m)]);
        return (own * (form * own), [.. gaps.Select(gap => gap * (form * gap))]);
    }

    // 2 (H + λI)⁻¹ - (H + λI)⁻¹ H (H + λI)⁻¹, whose quadratic form is the estimate with the smaller bias.
    private static Matrix<double> Form(Matrix<double> overlap, List<Vector<double>> gaps)
    {
        for (int i = 0; ; i++)
        {
            var inverse = (overlap + Matrix<double>.Build.DenseIdentity(overlap.RowCount) * Math.Pow(4, -i)).Inverse();
            double change = gaps.Average(gap =>
            {
                var weights = inverse * gap;
                double first = gap * weights;
                return first > 0 ? 1 - weights * (overlap * weights) / first : 0;
            });
            if (change < LargestChange || i == Regularisations - 1)
                return 2 * inverse - inverse * overlap * inverse;
        }
    }

    // The sample is in random order already. Bells on one place would make the fit singular.
    private static int[] Centres(VectorSample reference)
    {
        int wanted = Math.Max(1, reference.Count / 20);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, reference.Count)
            .Where(row => seen.Count < wanted && seen.Add(Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(reference.Row(row)))))];
    }

    private static int[] Shuffled(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }
}
