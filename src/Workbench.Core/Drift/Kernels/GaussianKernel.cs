using System.Numerics.Tensors;

namespace Workbench.Drift.Kernels;

/// <summary>k(x, y) = exp(-|x - y|² / 2σ²), with σ² half the median squared distance of different reference rows (Gretton et al. 2012, J. Mach. Learn. Res. 13, 723-773).</summary>
/// <param name="Sigma">σ, positive.</param>
internal readonly record struct GaussianKernel(double Sigma)
{
    // Enough pairs for a median; keeps the list of distances at 4 MB.
    private const int BandwidthRows = 1000;

    /// <summary>The kernel for these rows: the lower median, as alibi-detect takes it. Rows that mostly agree have a median of 0; then the mean distance counts, and for equal rows 1.</summary>
    public static GaussianKernel For(VectorSample rows)
    {
        int n = Math.Min(rows.Count, BandwidthRows);
        var distances = new double[n * (n - 1) / 2];
        int place = 0;
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++)
                distances[place++] = SquaredDistance(rows.Row(i), rows.Row(j));
        if (distances.Length == 0)
            return new(1);
        Array.Sort(distances);
        double typical = distances[(distances.Length - 1) / 2];
        if (!(typical > 0))
            typical = distances.Average();
        return new(typical > 0 ? Math.Sqrt(typical / 2) : 1);
    }

    public double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Math.Exp(-SquaredDistance(x, y) / (2 * Sigma * Sigma));

    /// <summary>[N · M] row after row.</summary>
    public double[] Matrix(VectorSample x, VectorSample y)
    {
        var matrix = new double[x.Count * y.Count];
        for (int i = 0; i < x.Count; i++)
            for (int j = 0; j < y.Count; j++)
                matrix[i * y.Count + j] = Of(x.Row(i), y.Row(j));
        return matrix;
    }

    private static double SquaredDistance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length == 1)
            return (x[0] - y[0]) * (x[0] - y[0]);
        double distance = TensorPrimitives.Distance(x, y);
        return distance * distance;
    }
}
