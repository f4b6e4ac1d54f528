namespace Workbench.Drift.Sources;

/// <summary>
/// A uniform sample of rows that come one by one, however many come (algorithm R: Vitter 1985, ACM Trans. Math. Softw. 11,
/// 37-57). The same rows in the same order and the same seed give the same sample.
/// </summary>
internal sealed class Reservoir(int capacity, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<long> _rows = [];

    /// <summary>Rows that came.</summary>
    public long Seen { get; private set; }
    /// <summary>Rows that are kept.</summary>
    public int Count => _rows.Count;
    /// <summary>True when rows were left out.</summary>
    public bool IsSampled => Seen > capacity;

    /// <summary>The place, below the capacity, where the next row is to be kept; -1 when it is left out.</summary>
    public int Next()
    {
        long row = Seen++;
        if (_rows.Count < capacity)
        {
            _rows.Add(row);
            return _rows.Count - 1;
        }
        long place = _random.NextInt64(row + 1);
        if (place >= capacity)
            return -1;
        _rows[(int)place] = row;
        return (int)place;
    }

    /// <summary>The places in the order in which their rows came.</summary>
    public int[] InOrder()
    {
        var places = Enumerable.Range(0, _rows.Count).ToArray();
        Array.Sort(_rows.ToArray(), places);
        return places;
    }
}
