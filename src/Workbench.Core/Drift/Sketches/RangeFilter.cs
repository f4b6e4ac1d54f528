using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>Keeps the values of a stream that lie in any of some ranges.</summary>
/// <param name="ranges">Closed, ascending, not overlapping.</param>
internal sealed class RangeFilter(IReadOnlyList<(double Low, double High)> ranges)
{
    private readonly double[] _low = ranges.Select(range => range.Low).ToArray(), _high = ranges.Select(range => range.High).ToArray();
    private readonly NumericColumnBuilder _kept = new(0);
    private readonly double[] _chunk = new double[2048];

    /// <summary>Takes a chunk; bit i of <paramref name="validity"/> is 0 where value i is NULL, and an empty one means no NULL.</summary>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= _low[0] && values[i] <= _high[^1]) || !validity.IsEmpty && (validity[i >> 6] >> (i & 63) & 1) == 0 || !IsInside(values[i]))
                continue;
            if (count == _chunk.Length)
            {
                _kept.Add(_chunk, []);
                count = 0;
            }
            _chunk[count++] = values[i];
        }
        _kept.Add(_chunk.AsSpan(0, count), []);
    }

    /// <summary>The kept values; the filter is used up.</summary>
    public NumericColumn Build() => _kept.Build();

    private bool IsInside(double value)
    {
        int at = Array.BinarySearch(_low, value);
        return at >= 0 || value <= _high[~at - 1]; // above the first low
    }
}
