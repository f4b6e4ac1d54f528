using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>
/// The labels that arrive after their predictions, kept like <see cref="PredictionLog"/> keeps these: Parquet with the columns
/// <c>prediction_id, value, labelled_at (UTC)</c>. A label of an unknown prediction is kept too. Thread-safe; several processes may append.
/// </summary>
/// <example><code>
/// await using var labels = LabelLog.Open(folder);
/// await labels.AppendAsync(new() { Id = "r1", Model = "churn", Value = 1, At = now });
/// </code></example>
public sealed class LabelLog : IAsyncDisposable
{
    private readonly SegmentLog<LabelLine> _log;
    private readonly DataFolder _folder;

    private LabelLog(DataFolder folder, SegmentLog<LabelLine> log) => (_folder, _log) = (folder, log);

    /// <summary>What a process that died had left, and was turned into Parquet on opening.</summary>
    public RecoveryReport Recovery => _log.Recovery;

    /// <summary>Why writing Parquet in the background fails at present, or null; nothing is lost, and it is tried again.</summary>
    public Exception? Failure => _log.Failure;

    /// <summary>Opens the log and recovers what dead processes left.</summary>
    /// <param name="folder">The installation's folder.</param>
    /// <param name="options">When labels become Parquet; null takes the defaults.</param>
    /// <param name="timer">Process clock of the background writing; default the system's.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static LabelLog Open(DataFolder folder, EventLogOptions? options = null, TimeProvider? timer = null) =>
        new(folder, new SegmentLog<LabelLine>(
            EventFolder.Root(folder, EventFolder.Labels), options ?? new(), timer ?? TimeProvider.System, LabelLine.WriteParquet));

    /// <summary>Appends one label; it is safe when the task ends.</summary>
    /// <exception cref="DataException">The disk is full; the label was not kept.</exception>
    public Task AppendAsync(LabelRecord label, CancellationToken cancellationToken = default) => AppendAsync([label], cancellationToken);

    /// <summary>Appends labels, those of one model in one write; they are safe when the task ends.</summary>
    /// <exception cref="DataException">The disk is full.</exception>
    public Task AppendAsync(IReadOnlyList<LabelRecord> labels, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var batches = labels.GroupBy(label => label.Model).Select(batch => (Model: batch.Key, Lines: batch.Select(LabelLine.From).ToList())).ToList();
        batches.ForEach(batch => ModelName.Check(batch.Model));
        batches.ForEach(batch => _log.Append(batch.Model, batch.Lines));
        return Task.CompletedTask;
    }

    /// <summary>How many predictions were labelled that the prediction log does not know (yet), of those in Parquet.</summary>
    /// <exception cref="RegistryException">The name is not allowed.</exception>
    public Task<long> UnmatchedAsync(string model, CancellationToken cancellationToken = default) =>
        OutcomeQuery.CountUnmatchedLabelsAsync(_folder, model, cancellationToken);

    /// <summary>Writes all labels so far as Parquet, so that queries see them.</summary>
    /// <exception cref="DataException">The disk is full; the labels stay in their segments.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _log.FlushAsync(cancellationToken);

    /// <summary>Writes as Parquet what processes on this folder have left that died since it was opened, so that queries see it.</summary>
    /// <exception cref="DataException">The disk is full; the records stay in their segments.</exception>
    public Task<RecoveryReport> RecoverAsync(CancellationToken cancellationToken = default) => _log.RecoverAsync(cancellationToken);

    /// <summary>Writes what is left as Parquet and stops the background writing.</summary>
    public ValueTask DisposeAsync() => _log.DisposeAsync();
}
