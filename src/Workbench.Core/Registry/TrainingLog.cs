using System.Threading.Channels;
using Workbench.Training;

namespace Workbench.Registry;

/// <summary>
/// Writes what a <see cref="TrainingLoop"/> reports as metrics of a run, by step: <c>training_loss</c>,
/// <c>learning_rate</c>, <c>gradient_norm</c>, <c>rows_per_second</c>, <c>validation_loss</c> and <c>validation_NAME</c>
/// for each further figure. The training does not wait for the database; disposing writes what is left.
/// </summary>
/// <example><code>
/// await using var log = new TrainingLog(registry, run.Id);
/// new TrainingLoop(model, loss, options).Run(batches, validation, log);
/// </code></example>
public sealed class TrainingLog : IProgress<TrainingEvent>, IAsyncDisposable
{
    private readonly ModelRegistry _registry;
    private readonly RunId _runId;
    private readonly Channel<(string Name, double Value, long Step)> _metrics = Channel.CreateUnbounded<(string, double, long)>(new() { SingleReader = true });
    private readonly Task _writing;

    /// <summary>Begins to write.</summary>
    /// <param name="registry">Where the run is.</param>
    /// <param name="runId">A run that is at work.</param>
    public TrainingLog(ModelRegistry registry, RunId runId)
    {
        (_registry, _runId) = (registry, runId);
        _writing = Task.Run(() => WriteAsync());
    }

    /// <summary>Takes an event.</summary>
    /// <exception cref="ObjectDisposedException">The log was disposed.</exception>
    public void Report(TrainingEvent value)
    {
        switch (value)
        {
            case TrainingEvent.Progress progress:
                Add("training_loss", progress.Loss, progress.Step);
                Add("learning_rate", progress.LearningRate, progress.Step);
                Add("rows_per_second", progress.RowsPerSecond, progress.Step);
                if (progress.GradientNorm is { } norm)
                    Add("gradient_norm", norm, progress.Step);
                break;
            case TrainingEvent.Validated validated:
                Add("validation_loss", validated.Result.Loss, validated.Step);
                foreach (var (name, metric) in validated.Result.Metrics ?? new Dictionary<string, double>())
                    Add($"validation_{name}", metric, validated.Step);
                break;
        }
    }

    /// <summary>Writes what is left.</summary>
    /// <exception cref="RegistryException">A metric could not be written: the run is unknown or has ended.</exception>
    public async ValueTask DisposeAsync()
    {
        _metrics.Writer.TryComplete();
        await _writing;
    }

    private void Add(string name, double value, long step)
    {
        // A writer that has failed says so when the log is disposed; until then the training goes on.
        if (!_metrics.Writer.TryWrite((name, value, step)) && !_writing.IsFaulted)
            throw new ObjectDisposedException(nameof(TrainingLog), "The training goes on and its log was disposed. Dispose it after the training.");
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var (name, value, step) in _metrics.Reader.ReadAllAsync())
                await _registry.LogMetricAsync(_runId, name, value, step);
        }
        catch
        {
            _metrics.Writer.TryComplete();
            throw;
        }
    }
}
