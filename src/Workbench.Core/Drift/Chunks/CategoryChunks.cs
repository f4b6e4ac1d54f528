using Workbench.Drift.Categorical;

namespace Workbench.Drift.Chunks;

/// <summary>A categorical column.</summary>
internal sealed class CategoryChunks : ChunkColumn
{
    private readonly TaggedCategories _tagged;
    private readonly (int[] Codes, int[] Offsets) _reference, _current;
    // Categories of both sides in ordinal order, and the place in it of each code of a side.
    private readonly string[] _names;
    private readonly int[] _ofReference, _ofCurrent;
    private uint? _seasons;
    private long[] _counts = [];
    private long _count;

    public CategoryChunks(TaggedCategories reference, TaggedCategories current)
    {
        _tagged = reference;
        (_reference, _current) = (reference.ByChunk(), current.ByChunk());
        _names = [.. reference.Names.Union(current.Names, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var places = _names.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        _ofReference = reference.Names.Select(name => places[name]).ToArray();
        _ofCurrent = current.Names.Select(name => places[name]).ToArray();
    }

    public override void Select(uint seasons)
    {
        if (_seasons == seasons)
            return;
        _seasons = seasons;
        _counts = new long[_names.Length];
        var counts = _tagged.Counts(seasons);
        for (int code = 0; code < counts.Length; code++)
            _counts[_ofReference[code]] = counts[code];
        _count = counts.Sum();
    }

    public override DriftMeasure? Measure(DriftTest test, int chunk, bool isReference, bool without)
    {
        var (codes, offsets) = isReference ? _reference : _current;
        var places = isReference ? _ofReference : _ofCurrent;
        int rows = offsets[chunk + 1] - offsets[chunk];
        if (rows == 0 || _count == 0 || (without && rows == _count))
            return null;
        long[] own = new long[_names.Length], reference = _counts.ToArray();
        foreach (int code in codes.AsSpan(offsets[chunk], rows))
            own[places[code]]++;
        for (int i = 0; without && i < own.Length; i++)
            reference[i] -= own[i];
        return test.Measure(Pair(reference, own));
    }

    public override DriftExactness Exactness(DriftTest test) => DriftExactness.Exact;

    // Categories that neither side has in this chunk would count as cells of a table.
    private CategoryPair Pair(long[] reference, long[] own)
    {
        var kept = Enumerable.Range(0, own.Length).Where(i => reference[i] > 0 || own[i] > 0).ToArray();
        return kept.Length == own.Length
            ? new(_names, new(reference, own))
            : new(Array.ConvertAll(kept, i => _names[i]), new(Array.ConvertAll(kept, i => reference[i]), Array.ConvertAll(kept, i => own[i])));
    }
}
