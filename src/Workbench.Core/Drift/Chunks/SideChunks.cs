using System.Globalization;
using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>The chunks of one side; thread-safe once made.</summary>
internal sealed class SideChunks
{
    private readonly Func<ChunkAssigner> _assigner;
    private readonly Season? _season;
    private readonly uint _known;

    private SideChunks(Func<ChunkAssigner> assigner, Season? season, uint known) => (_assigner, _season, _known) = (assigner, season, known);

    public IReadOnlyList<ChunkRange> Ranges { get; private set; } = [];
    /// <summary>The time column of the scans; null when they need none.</summary>
    public string? Time { get; private init; }
    /// <summary>Rows whose time is NULL, unreadable or outside of the years 1 to 9999.</summary>
    public long WithoutTime { get; private set; }
    /// <summary>Seasons of the compared rows.</summary>
    public uint Seasons { get; private set; }
    /// <summary>Rows in seasons that are not compared.</summary>
    public long Strange { get; private set; }
    /// <summary>Seasons of those.</summary>
    public uint StrangeSeasons { get; private set; }

    public RowTagger Tagger() => new(_assigner(), _season is { } season ? new(season) : null, _known);

    /// <param name="input">The side.</param>
    /// <param name="reader">A reader of it.</param>
    /// <param name="chunking">Null makes one chunk of everything.</param>
    /// <param name="time">Time column, or null.</param>
    /// <param name="season">Seasons, or null.</param>
    /// <param name="known">The seasons to compare.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static SideChunks Of(
        DriftInput input, ColumnReader reader, Chunking? chunking, string? time, Season? season, uint known, CancellationToken cancellationToken)
    {
        var (assigner, count, name) = chunking switch
        {
            null => (() => new WholeAssigner(), 1, (Func<int, (string, DateTimeOffset?, DateTimeOffset?)>)(_ => ("all", null, null))),
            { Period: { } period } => ByPeriod(input, reader, period, time!, cancellationToken), // periods were refused without a time column
            _ => BySize(input, reader, chunking, time, cancellationToken),
        };
        var side = new SideChunks(assigner, season, known) { Time = time };
        side.Count(input, reader, count, name, cancellationToken);
        return side;
    }

    /// <summary>Rows of a chunk when a side is split into a number of them.</summary>
    public static int Size(DriftInput input, ColumnReader reader, Chunking chunking, string? time, CancellationToken cancellationToken) =>
        (int)Size(input, chunking, time, time is null ? input.Rows : Sorted(input, reader, time, cancellationToken).Length);

    private static (Func<ChunkAssigner>, int, Func<int, (string, DateTimeOffset?, DateTimeOffset?)>) ByPeriod(
        DriftInput input, ColumnReader reader, ChunkPeriod period, string time, CancellationToken cancellationToken)
    {
        long low = long.MaxValue, high = long.MinValue;
        reader.Times(time, times =>
        {
            foreach (long one in times)
                if (UnixTime.IsKnown(one))
                    (low, high) = (Math.Min(low, one), Math.Max(high, one));
        }, cancellationToken);
        RequireTime(input, time, low <= high);
        var clock = new PeriodClock(period);
        long first = clock.Index(low), count = clock.Index(high) - first + 1;
        RequireFew(input, period.ToString().ToLowerInvariant(), count);
        return (() => new PeriodAssigner(period, first), (int)count,
            chunk => (clock.Label(first + chunk), UnixTime.ToOffset(Math.Max(UnixTime.Least, clock.Start(first + chunk))), UnixTime.ToOffset(clock.Start(first + chunk + 1))));
    }

    private static (Func<ChunkAssigner>, int, Func<int, (string, DateTimeOffset?, DateTimeOffset?)>) BySize(
        DriftInput input, ColumnReader reader, Chunking chunking, string? time, CancellationToken cancellationToken)
    {
        long[]? sorted = time is null ? null : Sorted(input, reader, time, cancellationToken);
        long rows = sorted?.Length ?? input.Rows;
        long size = Size(input, chunking, time, rows);
        var sizes = new ChunkSizes(size, rows, chunking.Incomplete);
        RequireFew(input, chunking.ToString(), sizes.Raw);
        if (sizes.Count == 0)
            throw new DataException($"'{input.Name}' has {rows} rows, less than one chunk of {size}, and incomplete chunks are dropped. Take smaller chunks, or keep the incomplete one.") { Origin = input.Name };
        (string, DateTimeOffset?, DateTimeOffset?) Name(int chunk)
        {
            var (first, last) = sizes.Places(chunk);
            return (string.Create(CultureInfo.InvariantCulture, $"[{first}:{last}]"), sorted is null ? null : UnixTime.ToOffset(sorted[first]), sorted is null ? null : UnixTime.ToOffset(sorted[last]));
        }
        if (sorted is null)
            return (() => new PlaceAssigner(sizes), sizes.Count, Name);
        var firsts = Enumerable.Range(0, (int)sizes.Raw).Select(chunk => (sorted[chunk * size], FirstPlace(sorted, sorted[chunk * size]))).ToArray();
        return (() => new OrderAssigner(sizes, firsts), sizes.Count, Name);
    }

    private static long Size(DriftInput input, Chunking chunking, string? time, long rows)
    {
        long size = chunking.Rows ?? rows / chunking.Chunks!.Value; // one of them is set when Period is not
        if (size == 0)
            throw new DataException($"'{input.Name}' has {rows} rows{(time is null ? "" : " with a time")}, too few for {chunking.Chunks} chunks. Ask for fewer chunks.") { Origin = input.Name };
        return size;
    }

    private static long[] Sorted(DriftInput input, ColumnReader reader, string time, CancellationToken cancellationToken)
    {
        var known = new List<long>((int)Math.Min(input.Rows, Array.MaxLength));
        reader.Times(time, times =>
        {
            foreach (long one in times)
                if (UnixTime.IsKnown(one))
                    known.Add(one);
        }, cancellationToken);
        RequireTime(input, time, known.Count > 0);
        long[] sorted = [.. known];
        Array.Sort(sorted);
        return sorted;
    }

    private static long FirstPlace(long[] sorted, long time)
    {
        int place = Array.BinarySearch(sorted, time);
        // A binary search meets any of the equal ones.
        int low = 0, high = place;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Count(DriftInput input, ColumnReader reader, int count, Func<int, (string Label, DateTimeOffset? Start, DateTimeOffset? End)> name, CancellationToken cancellationToken)
    {
        long[] rows = new long[count], compared = new long[count];
        uint[] seasons = new uint[count], strange = new uint[count];
        var tagger = Tagger();
        void Take(long time)
        {
            var tag = tagger.Next(time);
            bool hasTime = UnixTime.IsKnown(time);
            WithoutTime += Time is not null && !hasTime ? 1 : 0;
            uint season = _season is not null && hasTime ? 1u << tag.Season : 0;
            Seasons |= tag.IsCompared ? season : 0;
            StrangeSeasons |= tag.IsCompared ? 0 : season;
            Strange += season != 0 && !tag.IsCompared ? 1 : 0;
            if (tag.Chunk == ChunkAssigner.NoChunk)
                return;
            rows[tag.Chunk]++;
            compared[tag.Chunk] += tag.IsCompared ? 1 : 0;
            seasons[tag.Chunk] |= tag.IsCompared ? season : 0;
            strange[tag.Chunk] |= tag.IsCompared ? 0 : season;
        }
        if (Time is null)
            for (long row = 0; row < input.Rows; row++)
                Take(ColumnReader.NoTime);
        else
            reader.Times(Time, times =>
            {
                foreach (long time in times)
                    Take(time);
            }, cancellationToken);
        if (_season is not null)
            RequireTime(input, Time!, WithoutTime < input.Rows); // seasons were refused without a time column
        Ranges = Enumerable.Range(0, count).Select(chunk =>
        {
            var (label, start, end) = name(chunk);
            return new ChunkRange { Label = label, Start = start, End = end, Rows = rows[chunk], Compared = compared[chunk], Seasons = seasons[chunk], Strange = strange[chunk] };
        }).ToList();
    }

    private static void RequireTime(DriftInput input, string time, bool hasTime)
    {
        if (!hasTime)
            throw new DataException($"Time column '{time}' of '{input.Name}' holds no date or timestamp between the years 1 and 9999. Text must be ISO 8601, such as 2025-03-01 or 2025-03-01T12:30:00Z.") { Origin = input.Name, Column = time };
    }

    private static void RequireFew(DriftInput input, string by, long count)
    {
        if (count > Chunking.MostChunks)
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"Chunks by {by} split '{input.Name}' into {count:N0} parts; at most {Chunking.MostChunks:N0}. Take a longer period or larger chunks, or narrow the rows; one wrong date far away also makes many."))
            { Origin = input.Name };
    }
}
