namespace Workbench.Drift.Numeric;

/// <summary>The finite values of one numeric column of one side, sorted.</summary>
internal sealed class NumericColumn : IOrderedValues
{
    private readonly double[] _values;
    private double? _skewness;

    /// <summary>Takes the first <paramref name="count"/> of finite values and sorts them in place.</summary>
    public NumericColumn(double[] values, int count, long nulls, long notFinite)
    {
        (_values, Count, Nulls, NotFinite) = (values, count, nulls, notFinite);
        RadixSort.Sort(_values.AsSpan(0, Count));
        if (Count == 0)
            return;
        var moments = MergeableMoments.Of(Values);
        Mean = moments.Mean;
        // Rounding of the mean alone must not give a constant column a spread.
        StandardDeviation = _values[0] == _values[Count - 1] ? 0 : Math.Sqrt(moments.Variance);
    }

    /// <summary>Finite values, ascending.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);
    public int Count { get; }
    public long Nulls { get; }
    /// <summary>NaN and infinities, which are left out of <see cref="Values"/>.</summary>
    public long NotFinite { get; }
    public double Mean { get; }
    /// <summary>Divisor n.</summary>
    public double StandardDeviation { get; }
    public long Rows => Count + Nulls + NotFinite;

    long IOrderedValues.Count => Count;

    public double Skewness => _skewness ??= ComputeSkewness();

    public double At(long index) => _values[index];

    public long Below(double edge) => NumericBins.Below(Values, edge);

    /// <summary>A column of values in memory.</summary>
    public static NumericColumn Of(ReadOnlySpan<double> values)
    {
        var result = new NumericColumnBuilder(values.Length);
        result.Add(values, []);
        return result.Build();
    }

    private double ComputeSkewness()
    {
        double sum = 0;
        if (StandardDeviation > 0)
            foreach (double value in Values)
                sum += Cube((value - Mean) / StandardDeviation);
        return sum / Count;
    }

    private static double Cube(double x) => x * x * x;
}
