using Workbench.Data;
using Workbench.Drift.Streams;

namespace Workbench.Monitoring;

/// <summary>
/// The errors of a served model, in the order in which its labels became known, as a stream for a detector of concept drift:
/// 1 where the predicted class was not the true one, else 0. A label that is corrected later does not change the stream.
/// </summary>
/// <example><code>
/// var state = DriftStreamState.Start(StreamDetectors.Create("ddm"));
/// var reading = await DriftStreams.ReadAsync(folder, "churn", version: null, state, asOf: now);
/// File.WriteAllText("churn.drift.json", reading.State.ToJson());   // tomorrow: DriftStreamState.Parse
/// </code></example>
public static class DriftStreams
{
    private sealed record ErrorRow(string PredictionId, long LabelledAt, long PredictedAt, int Error);

    /// <summary>Reads on from a state; what it sees does not depend on how often it was called on the way.</summary>
    /// <param name="folder">The installation's folder.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">A version, or null for all.</param>
    /// <param name="state">Where the last reading stopped.</param>
    /// <param name="asOf">Labels and predictions after this moment are left for later.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="DataException">A file of the log is damaged, or the state is none.</exception>
    public static async Task<DriftStreamReading> ReadAsync(
        DataFolder folder, string model, int? version, DriftStreamState state, DateTimeOffset asOf, CancellationToken cancellationToken = default)
    {
        var watch = StreamWatch.Load(state.Watch);
        string rows = Labelled(folder, model, version, asOf), seen = Seen(state);
        var (read, before) = await OutcomeQuery.QueryAsync(
            session => (
                session.Query<ErrorRow>($"{rows} select prediction_id, labelled_at, predicted_at, error from labelled where not ({seen}) order by labelled_at, prediction_id"),
                session.Scalar<long>($"{rows} select count(*) from labelled where {seen}")),
            cancellationToken);
        return new()
        {
            Rows = read.Count,
            Errors = read.Sum(row => row.Error),
            Late = Math.Max(0, before - state.Rows),
            Detections = [.. read.Select(row => Watch(watch, row)).OfType<DriftStreamDetection>()],
            State = read.Count == 0 ? state : new()
            {
                // Late rows lie before the new end too: they count as seen from now on, so that each is reported once.
                Watch = watch.Save(), Rows = Math.Max(before, state.Rows) + read.Count, LabelledAt = Time(read[^1].LabelledAt), PredictionId = read[^1].PredictionId,
            },
        };
    }

    private static DriftStreamDetection? Watch(StreamWatch watch, ErrorRow row) => watch.Update(row.Error) is { } found
        ? new(found.Index, found.State, row.PredictionId, Time(row.PredictedAt), Time(row.LabelledAt))
        : null;

    // The first label of an id: a reading that stopped between it and a correction must not see the id twice.
    private static string Labelled(DataFolder folder, string model, int? version, DateTimeOffset asOf) => $"""
        with label as (
            select prediction_id, value, labelled_at
            from ({OutcomeQuery.Source(folder, EventFolder.Labels, model, OutcomeQuery.NoLabels)})
            where labelled_at <= {OutcomeQuery.Time(asOf)}
            qualify row_number() over (partition by prediction_id order by labelled_at, filename, file_row_number) = 1
        ),
        labelled as (
            select
                p.prediction_id,
                epoch_us(l.labelled_at) as labelled_at,
                epoch_us(p.predicted_at) as predicted_at,
                cast(p.predicted <> l.value as integer) as error
            from ({OutcomeQuery.Source(folder, EventFolder.Predictions, model, OutcomeQuery.NoPredictions)}) p
            join label l on l.prediction_id = p.prediction_id
            where p.predicted is not null
                and p.predicted_at <= {OutcomeQuery.Time(asOf)}
                {(version is { } one ? $"and p.model_version = {one}" : "")}
        )
        """;

    private static string Seen(DriftStreamState state)
    {
        if (state.LabelledAt is not { } last || state.PredictionId is not { } id)
            return "false";
        long time = EventTime.Microseconds(last);
        return $"labelled_at < {time} or labelled_at = {time} and prediction_id <= {DuckSession.Literal(id)}";
    }

    private static DateTimeOffset Time(long microseconds) => new(EventTime.ToDateTime(microseconds), TimeSpan.Zero);
}
