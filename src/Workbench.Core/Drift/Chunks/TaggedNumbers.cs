using Workbench.Drift.Numeric;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>A numeric column of one side with chunk and season of each row: read once, in the order of the source.</summary>
internal sealed class TaggedNumbers : TaggedRows
{
    private readonly long[] _notFinite = new long[32];
    private readonly bool _hasSeasons;
    private double[] _values;
    private int[] _chunks;
    private byte[] _seasons;
    private int _count;

    private TaggedNumbers(SideChunks side, long rows) : base(side.Ranges.Count)
    {
        int room = (int)Math.Clamp(rows, 16, Array.MaxLength);
        _hasSeasons = side.Seasons != 0;
        (_values, _chunks, _seasons) = (new double[room], new int[room], new byte[_hasSeasons ? room : 0]);
    }

    public static TaggedNumbers Read(ColumnReader reader, string column, SideChunks side, long rows, CancellationToken cancellationToken)
    {
        var result = new TaggedNumbers(side, rows);
        var tagger = side.Tagger();
        reader.Numbers(column, side.Time, (values, validity, times) => result.Add(tagger, values, validity, times), cancellationToken);
        return result;
    }

    /// <summary>The compared rows of the seasons of <paramref name="mask"/>, 0 for all, sorted.</summary>
    public NumericColumn Whole(uint mask)
    {
        if (mask == 0)
            return new(_values.AsSpan(0, _count).ToArray(), _count, Nulls(0), Sum(_notFinite, 0));
        int count = 0;
        var values = new double[_count];
        for (int i = 0; i < _count; i++)
            if (IsIn(mask, _seasons[i]))
                values[count++] = _values[i];
        return new(values, count, Nulls(mask), Sum(_notFinite, mask));
    }

    /// <summary>The values of each chunk, sorted; chunk c has those from offset c to offset c + 1.</summary>
    public (double[] Values, int[] Offsets) ByChunk()
    {
        var offsets = Offsets(_chunks.AsSpan(0, _count), NullsOfChunk.Length);
        var grouped = Group<double>(_values.AsSpan(0, _count), _chunks.AsSpan(0, _count), offsets);
        for (int chunk = 0; chunk + 1 < offsets.Length; chunk++)
            RadixSort.Sort(grouped.AsSpan(offsets[chunk], offsets[chunk + 1] - offsets[chunk]));
        return (grouped, offsets);
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
                _chunks[_count] = tag.Chunk;
                if (_hasSeasons)
                    _seasons[_count] = (byte)tag.Season;
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
        if (_hasSeasons)
            Array.Resize(ref _seasons, room);
    }
}
