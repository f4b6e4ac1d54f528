using System.Globalization;
using System.Text.RegularExpressions;

namespace Workbench.Drift.Chunks;

/// <summary>
/// How rows are split into chunks that are compared one by one: by a calendar period, by rows, or into equal parts. The
/// reference is split the same way where its chunks set the thresholds.
/// </summary>
public sealed partial record Chunking
{
    /// <summary>More chunks than this are refused: nobody reads them, and each costs memory in the report.</summary>
    public const int MostChunks = 10_000;

    private Chunking() { }

    /// <summary>The period of a chunk; null unless chunks are periods.</summary>
    public ChunkPeriod? Period { get; private init; }
    /// <summary>Rows of a chunk; null unless chunks have one size.</summary>
    public int? Rows { get; private init; }
    /// <summary>Number of chunks; null unless it was given.</summary>
    public int? Chunks { get; private init; }
    /// <summary>
    /// Column with the time of a row: a date, a timestamp (with a time zone or taken as UTC), or text of ISO 8601. Null: the
    /// only date or timestamp that both sides have. Without any, rows can still be split by number, in the order of the source.
    /// </summary>
    public string? TimeColumn { get; init; }
    /// <summary>What becomes of rows that fill no whole chunk; without meaning for periods.</summary>
    public IncompleteChunk Incomplete { get; private init; }

    /// <summary>One chunk a period, in UTC. A period without rows between others is a chunk of 0 rows.</summary>
    /// <param name="period">Length.</param>
    /// <param name="timeColumn">See <see cref="TimeColumn"/>.</param>
    public static Chunking By(ChunkPeriod period, string? timeColumn = null) =>
        Enum.IsDefined(period)
            ? new() { Period = period, TimeColumn = timeColumn }
            : throw new ArgumentOutOfRangeException(nameof(period), period, $"Known: {string.Join(", ", Enum.GetNames<ChunkPeriod>())}.");

    /// <summary>Chunks of as many rows each, in the order of time.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="timeColumn">See <see cref="TimeColumn"/>.</param>
    /// <param name="incomplete">What becomes of the rest; NannyML's default is <see cref="IncompleteChunk.Keep"/> too.</param>
    public static Chunking Size(int rows, string? timeColumn = null, IncompleteChunk incomplete = IncompleteChunk.Keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return new() { Rows = rows, TimeColumn = timeColumn, Incomplete = incomplete };
    }

    /// <summary>As many chunks of equal size, in the order of time. The reference is split into chunks as large as the current ones.</summary>
    /// <param name="chunks">At least 1; a side needs as many rows.</param>
    /// <param name="timeColumn">See <see cref="TimeColumn"/>.</param>
    /// <param name="incomplete">
    /// What becomes of the rows that are left over: by default the last chunk has them, so that there are as many chunks as
    /// asked for. NannyML's default is <see cref="IncompleteChunk.Keep"/>, one chunk more.
    /// </param>
    public static Chunking Number(int chunks = 10, string? timeColumn = null, IncompleteChunk incomplete = IncompleteChunk.Append)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunks, 1);
        return new() { Chunks = chunks, TimeColumn = timeColumn, Incomplete = incomplete };
    }

    /// <summary>Reads <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>quarter</c>, <c>year</c>, <c>1000rows</c> or <c>10chunks</c>, as a command line has it.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Chunking Parse(string text, string? timeColumn = null)
    {
        if (Enum.GetNames<ChunkPeriod>().Contains(text.Trim(), StringComparer.OrdinalIgnoreCase))
            return By(Enum.Parse<ChunkPeriod>(text.Trim(), ignoreCase: true), timeColumn);
        if (Counted().Match(text) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
            return match.Groups[2].ValueSpan.StartsWith("row", StringComparison.OrdinalIgnoreCase) ? Size(count, timeColumn) : Number(count, timeColumn);
        throw new FormatException($"'{text}' names no chunks. Known: hour, day, week, month, quarter, year, a number of rows such as 1000rows, a number of chunks such as 10chunks.");
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Period is { } period ? period.ToString().ToLowerInvariant() : Rows is { } rows ? $"{rows}rows" : $"{Chunks}chunks")}");

    [GeneratedRegex(@"^\s*([0-9]+)\s*(rows?|chunks?)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Counted();
}
