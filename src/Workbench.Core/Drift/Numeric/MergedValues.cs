namespace Workbench.Drift.Numeric;

/// <summary>
/// The distinct values of both sides together, ascending, with the rows that have each: all that a test of two
/// distributions needs, whether the values are exact or stand for the bins of a sketch. Each side has at least one row.
/// </summary>
internal sealed class MergedValues
{
    private IOrderedValues? _reference, _current;
    private MergedSide? _pooled;

    /// <param name="values">Ascending and distinct.</param>
    /// <param name="reference">Reference rows of each value.</param>
    /// <param name="current">Current rows of each value.</param>
    public MergedValues(double[] values, long[] reference, long[] current)
    {
        (Values, Reference, Current) = (values, reference, current);
        ReferenceCount = reference.Sum();
        CurrentCount = current.Sum();
    }

    /// <summary>The same where some values stand for others, and both sides are known better.</summary>
    public MergedValues(double[] values, long[] reference, long[] current, IOrderedValues referenceSide, IOrderedValues currentSide) : this(values, reference, current) =>
        (_reference, _current) = (referenceSide, currentSide);

    public double[] Values { get; }
    public long[] Reference { get; }
    public long[] Current { get; }
    public long ReferenceCount { get; }
    public long CurrentCount { get; }
    public int Distinct => Values.Length;
    /// <summary>The reference alone; made at the first use, as the next two.</summary>
    public IOrderedValues ReferenceSide => _reference ??= new MergedSide(Values, Reference);
    public IOrderedValues CurrentSide => _current ??= new MergedSide(Values, Current);
    /// <summary>Both sides in one.</summary>
    public MergedSide Pooled => _pooled ??= new(Values, Reference.Zip(Current, (a, b) => a + b).ToArray());

    /// <summary>Merges two sorted samples.</summary>
    public static MergedValues Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int distinct = 0;
        for (int i = 0, j = 0; i < x.Length || j < y.Length; distinct++)
            Step(x, y, ref i, ref j);
        double[] values = new double[distinct];
        long[] reference = new long[distinct], current = new long[distinct];
        for (int k = 0, i = 0, j = 0; k < distinct; k++)
            (values[k], reference[k], current[k]) = Step(x, y, ref i, ref j);
        return new(values, reference, current);
    }

    // Passes all rows of the smallest value left.
    private static (double Value, long InX, long InY) Step(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ref int i, ref int j)
    {
        double value = j == y.Length || (i < x.Length && x[i] <= y[j]) ? x[i] : y[j];
        int firstX = i, firstY = j;
        while (i < x.Length && x[i] == value)
            i++;
        while (j < y.Length && y[j] == value)
            j++;
        return (value, i - firstX, j - firstY);
    }
}
