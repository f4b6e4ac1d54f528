namespace Workbench.Drift.Classifiers;

/// <summary>Rows of features: dense rows of one width, or sparse rows of index and value. Filled once, then only read.</summary>
internal sealed class FeatureRows
{
    private readonly List<int>? _indices;
    private readonly List<int>? _starts;
    private readonly List<float> _values;

    private FeatureRows(int width, bool isSparse, int expectedRows)
    {
        Width = width;
        if (isSparse)
            (_indices, _starts) = ([], [0]);
        _values = new(isSparse ? 16 * expectedRows : width * expectedRows);
    }

    public static FeatureRows Dense(int width, int expectedRows = 16) => new(width, false, expectedRows);

    public static FeatureRows Sparse(int width, int expectedRows = 16) => new(width, true, expectedRows);

    /// <summary>Different features.</summary>
    public int Width { get; }
    public int Count { get; private set; }
    public bool IsSparse => _indices is not null;

    /// <summary>Adds a row of all features.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        _values.AddRange(values);
        Count++;
    }

    /// <summary>Adds a row of the features that are not 0.</summary>
    public void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        _indices!.AddRange(indices); // sparse rows are added to sparse rows only
        _values.AddRange(values);
        _starts!.Add(_values.Count);
        Count++;
    }

    /// <summary>Of a dense row all values, of a sparse row those of <see cref="Indices"/>.</summary>
    public ReadOnlySpan<float> Values(int row) => _starts is { } starts
        ? Span(_values)[starts[row]..starts[row + 1]]
        : Span(_values).Slice(row * Width, Width);

    /// <summary>Of a sparse row.</summary>
    public ReadOnlySpan<int> Indices(int row) => Span(_indices!)[_starts![row].._starts[row + 1]];

    /// <summary>Equal for equal rows (FNV-1a over the bits).</summary>
    public ulong Hash(int row)
    {
        ulong hash = 14695981039346656037;
        foreach (float value in Values(row))
            hash = (hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211;
        if (IsSparse)
            foreach (int index in Indices(row))
                hash = (hash ^ (uint)index) * 1099511628211;
        return hash;
    }

    private static Span<T> Span<T>(List<T> list) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list);
}
