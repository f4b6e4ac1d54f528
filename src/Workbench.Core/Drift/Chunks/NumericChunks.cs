using Workbench.Drift.Numeric;

namespace Workbench.Drift.Chunks;

/// <summary>A numeric column.</summary>
internal sealed class NumericChunks : ChunkColumn
{
    // Statistics that need the place of each value, where others need ranks, areas, bins or moments.
    private static readonly HashSet<string> NeedsPlaces = ["energy", "ed", "anderson-darling", "anderson", "cramer-von-mises", "cramer_von_mises", "epps-singleton", "es"];

    private readonly Func<uint, NumericColumn> _whole;
    private readonly (double[] Values, int[] Offsets) _reference, _current;
    private uint? _seasons;
    private ReferenceValues? _values;
    // Both tests of a chunk share one merge.
    private (int Chunk, bool IsReference, bool Without, MergedValues Merged)? _merged;

    /// <param name="whole">The reference of some seasons.</param>
    /// <param name="reference">Sorted values of the reference's chunks with their offsets.</param>
    /// <param name="current">The same of the current rows.</param>
    public NumericChunks(Func<uint, NumericColumn> whole, (double[], int[]) reference, (double[], int[]) current) => (_whole, _reference, _current) = (whole, reference, current);

    public override void Select(uint seasons)
    {
        if (_seasons == seasons)
            return;
        var column = _whole(seasons);
        _seasons = seasons;
        _merged = null;
        _values = column.Count == 0 ? null : new(column, _reference.Offsets.Length + _current.Offsets.Length);
    }

    public override DriftMeasure? Measure(DriftTest test, int chunk, bool isReference, bool without)
    {
        var (values, offsets) = isReference ? _reference : _current;
        int count = offsets[chunk + 1] - offsets[chunk];
        if (_values is not { } reference || count == 0 || (without && count == reference.Column.Count))
            return null;
        var own = new ChunkSide(values, offsets[chunk], count);
        return test.Values is { } compare
            ? compare(Merged(reference, own, chunk, isReference, without)).Finite()
            : test.Measure(new NumericPair(without ? reference.Without(own.Values) : reference.Column, NumericColumn.Of(own.Values)));
    }

    public override DriftExactness Exactness(DriftTest test) =>
        NeedsPlaces.Contains(test.Name) && _values is { IsExact: false } ? DriftExactness.Estimated : DriftExactness.Exact;

    private MergedValues Merged(ReferenceValues reference, ChunkSide own, int chunk, bool isReference, bool without)
    {
        if (_merged is not { } last || (last.Chunk, last.IsReference, last.Without) != (chunk, isReference, without))
            _merged = last = (chunk, isReference, without, reference.Merge(own, without));
        return last.Merged;
    }
}
