using Workbench.Drift.Categorical;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>A categorical column of one side with chunk and season of each row: read once, in the order of the source.</summary>
internal sealed class TaggedCategories : TaggedRows
{
    private readonly List<int> _codes = [], _chunks = [];
    private readonly List<byte> _seasons = [];
    private readonly bool _hasSeasons;

    private TaggedCategories(SideChunks side) : base(side.Ranges.Count) => _hasSeasons = side.Seasons != 0;

    /// <summary>The categories; a code is a place in it.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    public static TaggedCategories Read(ColumnReader reader, string column, SideChunks side, CancellationToken cancellationToken)
    {
        var result = new TaggedCategories(side);
        var tagger = side.Tagger();
        result.Names = reader.Codes(column, side.Time, (codes, times) => result.Add(tagger, codes, times), cancellationToken);
        return result;
    }

    /// <summary>Rows of each code in the seasons of <paramref name="mask"/>, 0 for all.</summary>
    public long[] Counts(uint mask)
    {
        var counts = new long[Names.Count];
        for (int i = 0; i < _codes.Count; i++)
            if (mask == 0 || IsIn(mask, _seasons[i]))
                counts[_codes[i]]++;
        return counts;
    }

    public CategoryColumn Whole(uint mask)
    {
        var counts = Counts(mask);
        return new(
            Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0).ToDictionary(code => Names[code], code => counts[code], StringComparer.Ordinal),
            Nulls(mask));
    }

    /// <summary>The codes of each chunk; chunk c has those from offset c to offset c + 1.</summary>
    public (int[] Codes, int[] Offsets) ByChunk()
    {
        var chunks = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_chunks);
        var offsets = Offsets(chunks, NullsOfChunk.Length);
        return (Group<int>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_codes), chunks, offsets), offsets);
    }

    private void Add(RowTagger tagger, ReadOnlySpan<int> codes, ReadOnlySpan<long> times)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            var tag = tagger.Next(times.Length == 0 ? ColumnReader.NoTime : times[i]);
            if (!tag.IsCompared)
                continue;
            if (codes[i] < 0)
            {
                AddNull(tag);
                continue;
            }
            _codes.Add(codes[i]);
            _chunks.Add(tag.Chunk);
            if (_hasSeasons)
                _seasons.Add((byte)tag.Season);
        }
    }
}
