using System.Numerics.Tensors;

namespace Workbench.Drift.Kernels;

/// <summary>Rows of numbers of one width: all rows of a side, or a sample of them.</summary>
/// <param name="Values">[N · D] row after row; all finite.</param>
/// <param name="Width">D, at least 1.</param>
/// <param name="TotalRows">Rows that the sample stands for.</param>
internal sealed record VectorSample(double[] Values, int Width, long TotalRows)
{
    /// <summary>N.</summary>
    public int Count => Values.Length / Width;
    public bool IsSampled => Count < TotalRows;
    /// <summary>[D] the mean of all rows that the sample stands for, where it is known.</summary>
    public double[]? MeanOfAll { get; init; }

    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Width, Width);

    /// <summary>The rows of these numbers, in this order.</summary>
    public VectorSample Take(ReadOnlySpan<int> rows)
    {
        var taken = new double[rows.Length * Width];
        for (int i = 0; i < rows.Length; i++)
            Row(rows[i]).CopyTo(taken.AsSpan(i * Width));
        return this with { Values = taken, MeanOfAll = null };
    }

    /// <summary>At most <paramref name="rows"/> of the rows, drawn without replacement, in random order.</summary>
    public VectorSample Draw(int rows, Random random)
    {
        var order = Enumerable.Range(0, Count).ToArray();
        random.Shuffle(order);
        return Take(order.AsSpan(0, Math.Min(rows, Count)));
    }

    /// <summary>One component of all rows.</summary>
    public double[] Component(int component)
    {
        var values = new double[Count];
        for (int row = 0; row < values.Length; row++)
            values[row] = Values[row * Width + component];
        return values;
    }

    /// <summary>[D] the mean row: of all rows where it is known, else of the sample.</summary>
    public double[] Mean()
    {
        if (MeanOfAll is not null)
            return MeanOfAll;
        var mean = new double[Width];
        for (int row = 0; row < Count; row++)
            TensorPrimitives.Add(mean, Row(row), mean);
        TensorPrimitives.Divide(mean, Count, mean);
        return mean;
    }

    /// <summary>[D] the variance of each component; divisor N - <paramref name="lost"/>.</summary>
    public double[] Variance(double[] mean, int lost)
    {
        var variance = new double[Width];
        for (int row = 0; row < Count; row++)
            for (int i = 0; i < Width; i++)
                variance[i] += (Values[row * Width + i] - mean[i]) * (Values[row * Width + i] - mean[i]);
        TensorPrimitives.Divide(variance, Math.Max(1, Count - lost), variance);
        return variance;
    }

    /// <summary>(value - mean) / deviation by component; a deviation of 0 counts as 1.</summary>
    public VectorSample Standardise(double[] mean, double[] deviation)
    {
        var values = new double[Values.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (Values[i] - mean[i % Width]) / (deviation[i % Width] > 0 ? deviation[i % Width] : 1);
        return this with { Values = values, MeanOfAll = null };
    }
}
