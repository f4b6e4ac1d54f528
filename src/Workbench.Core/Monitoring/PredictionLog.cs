using System.Globalization;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Sources;
using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>
/// Every answer of every served model. An acknowledged record survives a kill of the process (not of the machine's power
/// before the system has written its cache); every two seconds records become Parquet with the columns
/// <c>prediction_id, model_version, predicted_at (UTC), score, predicted</c> and one for each input. Thread-safe; several processes
/// may append to one folder.
/// </summary>
/// <example><code>
/// await using var log = PredictionLog.Open(folder);
/// await log.AppendAsync(new() { Id = "r1", Model = "churn", Version = 1, At = now, Inputs = row, Score = 0.7, Label = 1 });
/// // SQL: select * from read_parquet('...') with PredictionLog.ParquetGlob(folder, "churn"), union_by_name = true
/// </code></example>
public sealed class PredictionLog : IAsyncDisposable
{
    private readonly SegmentLog<PredictionLine> _log;
    private readonly InputTypes _types = new();

    private PredictionLog(SegmentLog<PredictionLine> log) => _log = log;

    /// <summary>What a process that died had left, and was turned into Parquet on opening.</summary>
    public RecoveryReport Recovery => _log.Recovery;

    /// <summary>Why writing Parquet in the background fails at present, or null; nothing is lost, and it is tried again.</summary>
    public Exception? Failure => _log.Failure;

    /// <summary>Opens the log and recovers what dead processes left.</summary>
    /// <param name="folder">The installation's folder.</param>
    /// <param name="options">When records become Parquet; null takes the defaults.</param>
    /// <param name="timer">Process clock of the background writing; default the system's.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static PredictionLog Open(DataFolder folder, EventLogOptions? options = null, TimeProvider? timer = null) =>
        new(new SegmentLog<PredictionLine>(
            EventFolder.Root(folder, EventFolder.Predictions), options ?? new(), timer ?? TimeProvider.System, PredictionLine.WriteParquet));

    /// <summary>The Parquet files of a model, for <c>read_parquet(GLOB, union_by_name = true)</c>; DuckDB fails while there is none.</summary>
    /// <exception cref="RegistryException">The name is not allowed.</exception>
    public static string ParquetGlob(DataFolder folder, string model) => EventFolder.Glob(folder, EventFolder.Predictions, model);

    /// <summary>Whether a model has any record in Parquet yet.</summary>
    /// <exception cref="RegistryException">The name is not allowed.</exception>
    public static bool HasParquet(DataFolder folder, string model) => EventFolder.HasParquet(folder, EventFolder.Predictions, model);

    /// <summary>
    /// What a model was asked and answered in [<paramref name="from"/>, <paramref name="to"/>), as rows for a drift report: a column
    /// for each input, <c>score</c>, <c>predicted</c> and the time <c>predicted_at</c> (UTC). Only what is in Parquet counts, see <see cref="FlushAsync"/>.
    /// </summary>
    /// <param name="folder">The installation's folder.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="from">First moment that counts.</param>
    /// <param name="to">First moment that counts no more.</param>
    /// <param name="version">Only answers of this version; null means all.</param>
    /// <exception cref="RegistryException">The name is not allowed.</exception>
    /// <exception cref="ArgumentException">The window has no length.</exception>
    public static DriftSource Window(DataFolder folder, string model, DateTimeOffset from, DateTimeOffset to, int? version = null)
    {
        if (to <= from)
            throw new ArgumentException($"The window from {from:O} to {to:O} has no length. Give a later end.", nameof(to));
        string glob = ParquetGlob(folder, model);
        string name = string.Create(CultureInfo.InvariantCulture, $"requests {from:yyyy-MM-dd} to {to:yyyy-MM-dd}");
        // Logs of a model that nobody asked yet have no folder: the comparison says so, not this call.
        return DriftSource.Of(name, (given, token) => HasParquet(folder, model)
            ? OpenWindow(glob, given, from, to, version, token)
            : throw new DataException($"No prediction of '{model}' is in the log yet. Send requests first.") { Origin = given });
    }

    /// <summary>Appends one record; it is safe when the task ends.</summary>
    /// <exception cref="ArgumentException">An input cannot be a column, or changed between number and text.</exception>
    /// <exception cref="DataException">The disk is full; the record was not kept.</exception>
    public Task AppendAsync(PredictionRecord record, CancellationToken cancellationToken = default) => AppendAsync([record], cancellationToken);

    /// <summary>Appends the records of a batch, those of one model in one write; they are safe when the task ends.</summary>
    /// <exception cref="ArgumentException">An input cannot be a column, or changed between number and text; nothing was kept.</exception>
    /// <exception cref="DataException">The disk is full.</exception>
    public Task AppendAsync(IReadOnlyList<PredictionRecord> records, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var batches = records.GroupBy(record => record.Model).Select(batch => (Model: batch.Key, Lines: batch.Select(PredictionLine.From).ToList())).ToList();
        foreach (var (model, lines) in batches)
        {
            ModelName.Check(model);
            lines.ForEach(line => _types.Check(model, line));
        }
        foreach (var (model, lines) in batches)
            _log.Append(model, lines);
        return Task.CompletedTask;
    }

    /// <summary>Writes all records so far as Parquet, so that queries see them.</summary>
    /// <exception cref="DataException">The disk is full; the records stay in their segments.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _log.FlushAsync(cancellationToken);

    /// <summary>Writes as Parquet what processes on this folder have left that died since it was opened, so that queries see it.</summary>
    /// <exception cref="DataException">The disk is full; the records stay in their segments.</exception>
    public Task<RecoveryReport> RecoverAsync(CancellationToken cancellationToken = default) => _log.RecoverAsync(cancellationToken);

    /// <summary>Writes what is left as Parquet and stops the background writing.</summary>
    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private static DuckInput OpenWindow(string glob, string name, DateTimeOffset from, DateTimeOffset to, int? version, CancellationToken cancellationToken)
    {
        string ofVersion = version is { } one ? string.Create(CultureInfo.InvariantCulture, $" AND model_version = {one}") : "";
        var session = DuckSession.Open();
        try
        {
            return DuckInput.OpenQuery(session.Connection, session, $"""
                SELECT * EXCLUDE (prediction_id, model_version)
                FROM read_parquet({DuckSession.Literal(glob)}, union_by_name = true, hive_partitioning = false)
                WHERE predicted_at >= {Timestamp(from)} AND predicted_at < {Timestamp(to)}{ofVersion}
                """, name, cancellationToken);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // The log's times are UTC without a zone.
    private static string Timestamp(DateTimeOffset time) => $"TIMESTAMP '{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";
}
