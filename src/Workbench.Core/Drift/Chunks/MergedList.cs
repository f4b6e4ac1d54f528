using Workbench.Drift.Numeric;

namespace Workbench.Drift.Chunks;

/// <summary>Ascending values with the rows of both sides; a value that comes again is added to the last. Used again and again.</summary>
internal sealed class MergedList
{
    private double[] _values = new double[1024];
    private long[] _reference = new long[1024], _current = new long[1024];
    private int _count;

    public void Clear() => _count = 0;

    public void Add(double value, long reference, long current)
    {
        if (_count > 0 && _values[_count - 1] == value)
        {
            _reference[_count - 1] += reference;
            _current[_count - 1] += current;
            return;
        }
        if (reference == 0 && current == 0)
            return;
        if (_count == _values.Length)
            Grow();
        (_values[_count], _reference[_count], _current[_count]) = (value, reference, current);
        _count++;
    }

    public MergedValues ToMerged(IOrderedValues reference, IOrderedValues current) => new(
        _values.AsSpan(0, _count).ToArray(), _reference.AsSpan(0, _count).ToArray(), _current.AsSpan(0, _count).ToArray(), reference, current);

    private void Grow()
    {
        Array.Resize(ref _values, 2 * _count);
        Array.Resize(ref _reference, 2 * _count);
        Array.Resize(ref _current, 2 * _count);
    }
}
