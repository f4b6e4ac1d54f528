using System.Globalization;
using Workbench.Data;

namespace Workbench.Evaluation.Estimation;

/// <summary>Cuts rows into chunks.</summary>
public static class EstimationChunks
{
    /// <summary>Chunks of <paramref name="size"/> rows; the last may be smaller.</summary>
    public static IReadOnlyList<EstimationChunk> OfSize(int rows, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return Of(Enumerable.Range(0, (rows + size - 1) / size).Select(i => Math.Min(size, rows - i * size)));
    }

    /// <summary><paramref name="number"/> chunks of nearly the same size, or one a row when there are fewer rows.</summary>
    public static IReadOnlyList<EstimationChunk> OfNumber(int rows, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        int parts = Math.Min(rows, number);
        return Of(Enumerable.Range(0, parts).Select(i => (int)((long)rows * (i + 1) / parts - (long)rows * i / parts)));
    }

    /// <summary>Chunks of these sizes, one after the other.</summary>
    public static IReadOnlyList<EstimationChunk> Of(IEnumerable<int> sizes)
    {
        var chunks = new List<EstimationChunk>();
        foreach (int size in sizes)
            chunks.Add(new((chunks.Count + 1).ToString(CultureInfo.InvariantCulture), chunks.Count == 0 ? 0 : chunks[^1].First + chunks[^1].Rows, size));
        return chunks;
    }

    /// <summary>Chunks of these rows.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="ranges">Ranges of them.</param>
    public static IReadOnlyList<EstimationChunk> Of(int rows, IEnumerable<Range> ranges) => [.. ranges.Select((range, i) =>
    {
        var (first, length) = range.GetOffsetAndLength(rows);
        return new EstimationChunk((i + 1).ToString(CultureInfo.InvariantCulture), first, length);
    })];

    /// <summary>A chunk for each stretch of time that has a row, counted from the first row's day in UTC; named by its start.</summary>
    /// <param name="times">[N], not falling.</param>
    /// <param name="length">Above zero, such as seven days.</param>
    /// <exception cref="DataException">A time lies before that of the row before; names the row.</exception>
    public static IReadOnlyList<EstimationChunk> OfTime(IReadOnlyList<DateTimeOffset> times, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        var chunks = new List<EstimationChunk>();
        for (int row = 0, first = 0; row < times.Count; row++)
        {
            if (row > 0 && times[row] < times[row - 1])
                throw new DataException($"Row {row + 1:N0} has the time {times[row]:O}, before that of the row before, {times[row - 1]:O}. Sort the rows by time.");
            if (row + 1 < times.Count && Number(row + 1) == Number(row))
                continue;
            var start = new DateTimeOffset(times[0].UtcDateTime.Date, TimeSpan.Zero) + Number(row) * length;
            chunks.Add(new(start.ToString(length.Ticks % TimeSpan.TicksPerDay == 0 ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), first, row + 1 - first));
            first = row + 1;
        }
        return chunks;

        long Number(int row) => (times[row].UtcDateTime - times[0].UtcDateTime.Date).Ticks / length.Ticks;
    }

    /// <exception cref="ArgumentException">A chunk is empty or lies outside of the rows.</exception>
    internal static void Check(IReadOnlyList<EstimationChunk> chunks, int rows)
    {
        foreach (var chunk in chunks)
            if (chunk.Rows < 1 || chunk.First < 0 || chunk.First > rows - chunk.Rows)
                throw new ArgumentException($"Chunk '{chunk.Name}' has {chunk.Rows} rows from row {chunk.First} on; there are rows 0 to {rows - 1}, and a chunk has at least one.", nameof(chunks));
    }
}
