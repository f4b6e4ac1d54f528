using Workbench.Data;

namespace Workbench.Monitoring;

/// <summary>Joins predictions with their labels by id, in Parquet. A query runs on a thread of the pool.</summary>
internal static class OutcomeQuery
{
    public const string NoPredictions = "select null::varchar as prediction_id, null::integer as model_version, null::timestamp as predicted_at, null::integer as predicted where false";
    public const string NoLabels = "select null::varchar as prediction_id, null::integer as value, null::timestamp as labelled_at, '' as filename, 0 as file_row_number where false";

    /// <summary>Which rows count; null sets no bound. Lower bounds of <c>At</c> are inclusive, of <c>LabelledAt</c> exclusive.</summary>
    public sealed record Filter(int? Version, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset? LabelledAfter, DateTimeOffset AsOf);

    /// <summary>Counts of the rows that pass <paramref name="filter"/>.</summary>
    public static async Task<OutcomeCounts> CountAsync(DataFolder folder, string model, Filter filter, CancellationToken cancellationToken) =>
        (await CountByBucketAsync(folder, model, filter, null, cancellationToken)).GetValueOrDefault(0, new OutcomeCounts());

    /// <summary>Counts by the number of whole <paramref name="bucket"/>s from the filter's start; a bucket without rows is absent.</summary>
    public static Task<Dictionary<long, OutcomeCounts>> CountByBucketAsync(
        DataFolder folder, string model, Filter filter, TimeSpan? bucket, CancellationToken cancellationToken)
    {
        // With no bucket all rows fall into number 0.
        var number = bucket is { } length && filter.From is { } from
            ? $"(epoch_us(p.predicted_at) - {EventTime.Microseconds(from)}) // {length.Ticks / TimeSpan.TicksPerMicrosecond}"
            : "0";
        var sql = $"""
            with label as (
                select prediction_id, value, labelled_at
                from ({Source(folder, EventFolder.Labels, model, NoLabels)})
                where labelled_at <= {Time(filter.AsOf)}
                qualify row_number() over (partition by prediction_id order by labelled_at desc, filename desc, file_row_number desc) = 1
            )
            select
                cast({number} as bigint) as bucket,
                count(*) as predictions,
                count(l.value) as labelled,
                count(*) filter (where l.value is not null and p.predicted is not null) as judged,
                count(*) filter (where p.predicted = l.value) as correct,
                count(*) filter (where p.predicted = 1 and l.value = 1) as true_positives,
                count(*) filter (where p.predicted = 1 and l.value <> 1) as false_positives,
                count(*) filter (where p.predicted <> 1 and l.value = 1) as false_negatives,
                avg(epoch_us(l.labelled_at) - epoch_us(p.predicted_at)) as mean_delay_microseconds
            from ({Source(folder, EventFolder.Predictions, model, NoPredictions)}) p
            left join label l on l.prediction_id = p.prediction_id
            where {Where(filter)}
            group by 1
            """;
        return QueryAsync(
            session => session.Query<CountRow>(sql).ToDictionary(row => row.Bucket, row => row.ToCounts()), cancellationToken);
    }

    /// <summary>Labelled ids that no prediction has.</summary>
    public static Task<long> CountUnmatchedLabelsAsync(DataFolder folder, string model, CancellationToken cancellationToken)
    {
        var sql = $"""
            select count(distinct prediction_id)
            from ({Source(folder, EventFolder.Labels, model, NoLabels)})
            where prediction_id not in (select prediction_id from ({Source(folder, EventFolder.Predictions, model, NoPredictions)}))
            """;
        return QueryAsync(session => session.Scalar<long>(sql), cancellationToken);
    }

    private static string Where(Filter filter)
    {
        var conditions = new List<string> { $"p.predicted_at <= {Time(filter.AsOf)}" };
        if (filter.Version is { } version)
            conditions.Add($"p.model_version = {version}");
        if (filter.From is { } from)
            conditions.Add($"p.predicted_at >= {Time(from)}");
        if (filter.To is { } to)
            conditions.Add($"p.predicted_at < {Time(to)}");
        if (filter.LabelledAfter is { } after)
            conditions.Add($"l.labelled_at > {Time(after)}");
        return string.Join(" and ", conditions);
    }

    /// <summary>What stands in FROM for the events of a model, or for none.</summary>
    public static string Source(DataFolder folder, string kind, string model, string none) =>
        EventFolder.HasParquet(folder, kind, model)
            ? $"select * from read_parquet({DuckSession.Literal(EventFolder.Glob(folder, kind, model))}, union_by_name = true, hive_partitioning = false, filename = true, file_row_number = true)"
            : none;

    /// <summary>A moment as SQL.</summary>
    public static string Time(DateTimeOffset time) => $"make_timestamp({EventTime.Microseconds(time)})";

    /// <summary>Runs a query on a thread of the pool, in a session of its own.</summary>
    public static Task<T> QueryAsync<T>(Func<DuckSession, T> query, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var session = DuckSession.Open();
                using var cancellation = session.CancelOn(cancellationToken);
                return query(session);
            },
            cancellationToken);

    private sealed record CountRow(
        long Bucket,
        long Predictions,
        long Labelled,
        long Judged,
        long Correct,
        long TruePositives,
        long FalsePositives,
        long FalseNegatives,
        double? MeanDelayMicroseconds)
    {
        public OutcomeCounts ToCounts() => new()
        {
            Predictions = Predictions,
            Labelled = Labelled,
            Judged = Judged,
            Correct = Correct,
            TruePositives = TruePositives,
            FalsePositives = FalsePositives,
            FalseNegatives = FalseNegatives,
            MeanLabelDelay = MeanDelayMicroseconds is { } delay ? TimeSpan.FromMicroseconds(delay) : null,
        };
    }
}
