using Workbench.Distributed;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// Trains any module: a loss over batches, an optimizer, a schedule, and what long trainings need besides: validation, early
/// stopping, lower precision, accumulation, clipping, checkpoints. With the same module, batches, options and CPU it gives
/// the same bits, also when it was killed and resumed. Trainings of one process run one after the other.
/// </summary>
/// <example><code>
/// var model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1));
/// var batches = new TensorBatches([inputs, targets], batchSize: 64);
/// var loop = new TrainingLoop(model, batch => nn.functional.mse_loss(model.forward(batch[0]), batch[1]), new() { MaxEpochs = 20 });
/// var outcome = loop.Run(batches);
/// </code></example>
public sealed class TrainingLoop
{
    private readonly nn.Module _module;
    private readonly Func<Batch, Tensor> _loss;
    private readonly TrainingLoopOptions _options;

    /// <summary>Prepares a training; nothing happens yet.</summary>
    /// <param name="module">What is trained, in place. It is moved to the device.</param>
    /// <param name="loss">Mean loss of a batch, a tensor of one element that depends on the module's parameters.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">The options are wrong; lists every error.</exception>
    public TrainingLoop(nn.Module module, Func<Batch, Tensor> loss, TrainingLoopOptions options) =>
        (_module, _loss, _options) = (module, loss, options.EnsureValid());

    /// <summary>Trains, and validates by the mean loss over other batches in evaluation mode.</summary>
    /// <exception cref="TrainingException">libtorch or the device is missing, or the loss became NaN or infinite.</exception>
    /// <exception cref="Data.DataException">A checkpoint belongs to another training.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; checkpoints stay.</exception>
    public TrainingOutcome Run(
        IBatchSource training, IBatchSource validation, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        var device = TorchRuntime.Device(_options.Device);
        return Run(training, new TrainingValidation(ranks => new ValidationResult(MeanLoss(validation, ranks, device, cancellationToken)), isShared: true), device, progress, cancellationToken);
    }

    /// <summary>Trains. <paramref name="validate"/> is called in evaluation mode without gradients, of several ranks on rank 0; the module keeps the weights of its best result.</summary>
    /// <inheritdoc cref="Run(IBatchSource, IBatchSource, IProgress{TrainingEvent}, CancellationToken)"/>
    public TrainingOutcome Run(
        IBatchSource training, Func<ValidationResult>? validate = null, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        var device = TorchRuntime.Device(_options.Device);
        return Run(training, validate is null ? null : new TrainingValidation(_ => validate(), isShared: false), device, progress, cancellationToken);
    }

    private TrainingOutcome Run(IBatchSource training, TrainingValidation? validate, Device device, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        lock (TorchRuntime.Generator)
        {
            using var run = new TrainingRun(_module, _loss, _options, training, validate, device, progress, cancellationToken);
            return run.Run();
        }
    }

    private double MeanLoss(IBatchSource batches, ICollective ranks, Device device, CancellationToken cancellationToken)
    {
        double sum = 0, weight = 0;
        foreach (var batch in batches.ReadFor(ranks, epoch: 1, skip: 0, device, cancellationToken))
        {
            using (batch)
            using (NewDisposeScope())
            {
                var part = batch.Part(ranks.Rank, ranks.Size);
                if (part.Weight > 0)
                    sum += _loss(part.Rows).to(ScalarType.Float64).item<double>() * part.Weight;   // of whatever precision
                weight += part.Weight;
            }
        }
        if (ranks.Size > 1)
        {
            using var sums = tensor((double[])[sum, weight]);
            ranks.AllReduce(sums).Wait();
            (sum, weight) = (sums[0].item<double>(), sums[1].item<double>());
        }
        return weight > 0 ? sum / weight : throw new Data.DataException("The validation has no batch. Give it rows, or train without a validation.");
    }
}
