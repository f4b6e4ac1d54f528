using Workbench.Drift.Numeric;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>A numeric column of one side with chunk and season of each row: read once, then in the order of its values.</summary>
internal sealed class TaggedNumbers : TaggedRows
{
    // While the rows are sorted the chunk stands above the season, which is below 32.
    private const int SeasonBits = 5;

    private readonly long[] _notFinite = new long[1 << SeasonBits];
    private readonly bool _hasSeasons;
    private double[] _values;
    private int[] _chunks;
    private byte[] _seasons = [];
    private int _count;

    private TaggedNumbers(SideChunks side, long rows) : base(side.Ranges.Count)
    {
        int room = (int)Math.Clamp(rows, 16, Array.MaxLength);
        _hasSeasons = side.Seasons != 0;
        (_values, _chunks) = (new double[room], new int[room]);
    }

    public static TaggedNumbers Read(ColumnReader reader, string column, SideChunks side, long rows, CancellationToken cancellationToken)
    {
        var result = new TaggedNumbers(side, rows);
        var tagger = side.Tagger();
        reader.Numbers(column, side.Time, (values, validity, times) => result.Add(tagger, values, validity, times), cancellationToken);
        result.Sort();
        return result;
    }

    /// <summary>Where the values of each chunk begin when those of chunk 0 come first; one more at the end.</summary>
    public int[] OffsetsOfChunk { get; private set; } = [];

    /// <summary>The compared rows of the seasons of <paramref name="mask"/>, 0 for all, sorted.</summary>
    public NumericColumn Whole(uint mask)
    {
        if (mask == 0)
            return new(_values, _count, Nulls(0), Sum(_notFinite, 0));
        int count = 0;
        var values = new double[_count];
        for (int i = 0; i < _count; i++)
            if (IsIn(mask, _seasons[i]))
                values[count++] = _values[i];
        return new(values, count, Nulls(mask), Sum(_notFinite, mask));
    }

    /// <summary>The values of each chunk, ascending; chunk c has those from offset c to offset c + 1.</summary>
    public double[] ByChunk() => Group<double>(_values.AsSpan(0, _count), _chunks.AsSpan(0, _count), OffsetsOfChunk);

    /// <summary>Sets the place of each of those in a reference, as <see cref="ReferenceValues.Place"/> gives it, for the chunks that have rows of the seasons of <paramref name="mask"/> only, 0 for all.</summary>
    public void Find(ReferenceValues reference, uint mask, Span<int> places)
    {
        var next = OffsetsOfChunk.ToArray();
        int place = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_chunks[i] < 0 || (mask != 0 && !IsIn(mask, _seasons[i])))
                continue;
            place = reference.Place(_values[i], place);
            places[next[_chunks[i]]++] = place;
        }
    }

    // By value, so that the rows of each chunk are ascending as well.
    private void Sort()
    {
        var chunks = _chunks.AsSpan(0, _count);
        RadixSort.Sort(_values.AsSpan(0, _count), chunks);
        if (_hasSeasons)
            _seasons = new byte[_count];
        for (int i = 0; i < _seasons.Length; i++)
            _seasons[i] = (byte)(chunks[i] & ((1 << SeasonBits) - 1));
        foreach (ref int chunk in chunks)
            chunk >>= SeasonBits; // NoChunk is below 0 and comes out as it went in
        OffsetsOfChunk = Offsets(chunks, NullsOfChunk.Length);
    }

    private void Add(RowTagger tagger, ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity, ReadOnlySpan<long> times)
    {
        MakeRoom(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            var tag = tagger.Next(times.Length == 0 ? ColumnReader.NoTime : times[i]);
            if (!tag.IsCompared)
                continue;
            if (validity.Length > 0 && (validity[i >> 6] >> (i & 63) & 1) == 0)
            {
                AddNull(tag);
            }
            else if (double.IsFinite(values[i]))
            {
                _values[_count] = values[i] + 0.0; // -0 becomes 0
                _chunks[_count] = tag.Chunk << SeasonBits | tag.Season;
                _count++;
            }
            else
            {
                _notFinite[tag.Season]++;
            }
        }
    }

    private void MakeRoom(int more)
    {
        if (_count + more <= _values.Length)
            return;
        int room = (int)Math.Min(Array.MaxLength, Math.Max(_count + (long)more, _values.Length * 2L));
        Array.Resize(ref _values, room);
        Array.Resize(ref _chunks, room);
    }
}
