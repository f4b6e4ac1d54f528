using System.Globalization;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>The chunks and seasons of both sides, before any column is read; thread-safe.</summary>
internal sealed record ChunkPlan
{
    /// <summary>Fewer chunks of the reference say too little about how they scatter.</summary>
    public const int FewChunks = 4;

    public required SideChunks Reference { get; init; }
    public required SideChunks Current { get; init; }
    /// <summary>Null when only seasons were asked for: then there is no time line.</summary>
    public required Chunking? Chunking { get; init; }
    public required Season? Season { get; init; }
    public required string? Time { get; init; }
    public required DriftThreshold Threshold { get; init; }
    /// <summary>True when neither the options nor the preset chose the threshold.</summary>
    public required bool IsDefaultThreshold { get; init; }
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Null when the options ask for neither chunks nor seasons.</summary>
    public static ChunkPlan? Of(DriftInput reference, DriftInput current, DriftOptions options, CancellationToken cancellationToken)
    {
        if (options.Chunks is null && options.Season is null)
            return null;
        string? need = options.Season is { } season ? $"Seasons by {season}" : options.Chunks is { Period: { } period } ? $"Chunks by {period.ToString().ToLowerInvariant()}" : null;
        string? time = TimeColumn.Find(reference, current, options.Chunks?.TimeColumn ?? options.TimeColumn, need);
        var notes = new List<string>();
        bool isNannyMl = options.Preset == DriftPreset.NannyMlCompatible;
        var threshold = options.Threshold ?? DriftThreshold.StandardDeviation(leaveOneOut: !isNannyMl);
        bool hasTime = time is null || TimeColumn.Has(reference, time);
        if (!hasTime && (options.Season is not null || options.Threshold is { UsesReference: true }))
            TimeColumn.RequireTime(reference, time!); // says what the reference has instead
        if (!hasTime && options.Threshold is null)
            notes.Add($"The reference has no time column '{time}', so it has no chunks; the limits are those of the tests.");
        if (time is null && options.Chunks is not null)
            notes.Add("No time column: the rows are in the order of the source.");
        threshold = hasTime ? threshold : options.Threshold ?? DriftThreshold.FromTest;

        using var left = reference.Connect();
        using var right = current.Connect();
        bool splitsReference = options.Chunks is not null && threshold.UsesReference;
        var split = !splitsReference ? null : isNannyMl ? options.Chunks : OfReference(options.Chunks!, reference, current, right, time, cancellationToken); // just asked
        var known = SideChunks.Of(reference, left, split, splitsReference || options.Season is not null ? time : null, options.Season, ~0u, cancellationToken);
        var plan = new ChunkPlan
        {
            Reference = known,
            Current = SideChunks.Of(current, right, options.Chunks, time, options.Season, known.Seasons, cancellationToken),
            Chunking = options.Chunks,
            Season = options.Season,
            Time = time,
            Threshold = threshold,
            IsDefaultThreshold = options.Threshold is null && !isNannyMl,
        };
        return plan with { Notes = [.. notes, .. plan.Missing()] };
    }

    // Chance moves small chunks more than large ones: limits come from chunks as large as those that they judge.
    private static Chunking OfReference(Chunking chunking, DriftInput reference, DriftInput current, ColumnReader reader, string? time, CancellationToken cancellationToken)
    {
        if (chunking.Chunks is null)
            return chunking;
        int size = SideChunks.Size(current, reader, chunking, time, cancellationToken);
        return Chunking.Size((int)Math.Max(size, (reference.Rows + Chunking.MostChunks - 1) / Chunking.MostChunks), time, IncompleteChunk.Append);
    }

    /// <summary>Why a current row, or a whole chunk, has nothing to be compared with.</summary>
    public string Lacks(uint seasons) => $"the reference has no rows of {SeasonClock.Names(Season!.Value, seasons)}"; // only asked with a season

    private IEnumerable<string> Missing()
    {
        if (Current.Strange > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Current.Strange:N0} current rows are not compared: {Lacks(Current.StrangeSeasons)}.");
        if (Reference.WithoutTime > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Reference.WithoutTime:N0} reference rows have no time in '{Time}' and are in no chunk.");
        if (Current.WithoutTime > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Current.WithoutTime:N0} current rows have no time in '{Time}' and are in no chunk.");
    }
}
