using Workbench.Data;
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
}
