using Workbench.Drift.Numeric;

namespace Workbench.Drift.Chunks;

/// <summary>A numeric column.</summary>
internal sealed class NumericChunks : ChunkColumn
{
    // Statistics that need the place of each value, where others need ranks, areas, bins or moments.
    private static readonly HashSet<string> NeedsPlaces = ["energy", "ed", "anderson-darling", "anderson", "cramer-von-mises", "cramer_von_mises", "epps-singleton", "es"];

    private readonly Func<uint, NumericColumn> _whole;
    private readonly Side _reference, _current;
    private readonly int _chunks;
    private uint? _seasons;
    private ReferenceValues? _values;
    // Both tests of a chunk share one merge.
    private (int Chunk, bool IsReference, bool Without, MergedValues Merged)? _merged;

    /// <param name="whole">The reference of some seasons.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="current">The current rows.</param>
    public NumericChunks(Func<uint, NumericColumn> whole, TaggedNumbers reference, TaggedNumbers current)
    {
        (_whole, _reference, _current) = (whole, new(reference), new(current));
        _chunks = reference.OffsetsOfChunk.Length + current.OffsetsOfChunk.Length;
    }

    public override void Select(uint seasons)
    {
        if (_seasons == seasons)
            return;
        var column = _whole(seasons);
        _seasons = seasons;
        _merged = null;
        _values = column.Count == 0 ? null : new(column, _chunks);
    }

    public override DriftMeasure? Measure(DriftTest test, int chunk, bool isReference, bool without)
    {
        var side = isReference ? _reference : _current;
        int count = side.Count(chunk);
        if (_values is not { } reference || count == 0 || (without && count == reference.Column.Count))
            return null;
        var own = new ChunkSide(side.Values, side.Start(chunk), count);
        return test.Values is { } compare
            ? compare(Merged(reference, side, own, chunk, isReference, without)).Finite()
            : test.Measure(new NumericPair(without ? reference.Without(own.Values) : reference.Column, NumericColumn.Of(own.Values)));
    }

    public override DriftExactness Exactness(DriftTest test) =>
        NeedsPlaces.Contains(test.Name) && _values is { IsExact: false } ? DriftExactness.Estimated : DriftExactness.Exact;

    private MergedValues Merged(ReferenceValues reference, Side side, ChunkSide own, int chunk, bool isReference, bool without)
    {
        if (_merged is not { } last || (last.Chunk, last.IsReference, last.Without) != (chunk, isReference, without))
            _merged = last = (chunk, isReference, without, reference.Merge(own, side.Places(reference, _seasons ?? 0, chunk), without));
        return last.Merged;
    }

    // Made when they are asked for: limits without the reference need none of its chunks.
    private sealed class Side(TaggedNumbers tagged)
    {
        private double[]? _values;
        private ReferenceValues? _reference;
        private int[]? _places;

        public double[] Values => _values ??= tagged.ByChunk();

        public int Start(int chunk) => tagged.OffsetsOfChunk[chunk];

        public int Count(int chunk) => tagged.OffsetsOfChunk[chunk + 1] - tagged.OffsetsOfChunk[chunk];

        // Of a chunk whose seasons are those of the reference.
        public ReadOnlySpan<int> Places(ReferenceValues reference, uint seasons, int chunk)
        {
            _places ??= new int[tagged.OffsetsOfChunk[^1]];
            if (_reference != reference)
                tagged.Find(reference, seasons, _places);
            _reference = reference;
            return _places.AsSpan(Start(chunk), Count(chunk));
        }
    }
}
