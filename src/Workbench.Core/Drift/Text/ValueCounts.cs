using Workbench.Drift.Numeric;

namespace Workbench.Drift.Text;

/// <summary>Rows of each value of a small set of numbers, such as lengths.</summary>
internal sealed class ValueCounts
{
    private readonly Dictionary<double, long> _rows = [];
    private long _count;
    private double _sum;

    public double Mean => _count == 0 ? 0 : _sum / _count;
    public long Count => _count;

    /// <summary>Counts a value, rounded to two digits and at most 100,000, so that there are only so many different ones.</summary>
    public void Add(double value)
    {
        value = Math.Min(100_000, value < 1000 ? Math.Round(value, 2) : Math.Round(value));
        _rows[value] = _rows.GetValueOrDefault(value) + 1;
        _count++;
        _sum += value;
    }

    /// <summary>Both sides together; each has a value.</summary>
    public static MergedValues Merge(ValueCounts reference, ValueCounts current)
    {
        double[] values = [.. reference._rows.Keys.Union(current._rows.Keys).Order()];
        return new(values, [.. values.Select(value => reference._rows.GetValueOrDefault(value))], [.. values.Select(value => current._rows.GetValueOrDefault(value))]);
    }
}
