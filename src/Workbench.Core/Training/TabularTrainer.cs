using TorchSharp;
using Workbench.Features;
using Workbench.Training.Tabular;
using Workbench.Training.Trees;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Trains a tabular model of any architecture on rows in memory.</summary>
public static class TabularTrainer
{
    /// <summary>
    /// Fits the preprocessor on <paramref name="training"/> and trains the model of <see cref="TabularTrainingOptions.Architecture"/>.
    /// Networks train with AdamW on cross-entropy, or squared error of the standardised label, until the loss on
    /// <paramref name="validation"/> has not improved for <see cref="TabularTrainingOptions.Patience"/> epochs, and keep
    /// the weights of the best epoch; trees grow all their rounds and keep those up to the best. The same data, options
    /// and CPU give the same bits, unless other code of the process draws from libtorch's generator meanwhile. Trainings
    /// of networks in one process run one after the other.
    /// </summary>
    /// <exception cref="ArgumentException">The options are wrong; lists every error.</exception>
    /// <exception cref="Data.DataException">There are no rows or labels, only one class, an infinite number, a class that training does not know, or other columns in the validation rows.</exception>
    /// <exception cref="TrainingException">A native library or the device is missing, or the loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    public static TrainedTabularModel Fit(
        TabularData training, TabularData validation, TabularTrainingOptions options,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.EnsureValid();
        TrainingRows.Check(training, validation);
        validation = validation.WithLabelsOf(training.Schema);
        if (options.IsTrees)
            return Grow(training, validation, options, progress, cancellationToken);
        var device = TorchRuntime.Device(options.Device);
        lock (TorchRuntime.Generator)
            return Train(training, validation, options, device, progress, cancellationToken);
    }

    private static TrainedTabularModel Grow(
        TabularData training, TabularData validation, TabularTrainingOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var preprocessor = TabularPreprocessor.Fit(training, options.Preprocessing);
        var (ensemble, history, best) = TreeFit.Run(training, validation, preprocessor, options, progress, cancellationToken);
        return TrainedTabularModel.From(new TreePredictor(ensemble), preprocessor, options, "cpu", history, best);
    }

    private static TrainedTabularModel Train(
        TabularData training, TabularData validation, TabularTrainingOptions options, Device device,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        manual_seed(options.Seed);
        var preprocessor = TabularPreprocessor.Fit(training, options.Preprocessing);
        var network = NetworkPredictor.NetworkFor(preprocessor, options);
        using var scope = NewDisposeScope();   // the network outlives it
        var rows = TrainingRows.From(training, preprocessor, device);
        var judged = TrainingRows.From(validation, preprocessor, device);
        var weights = ClassWeighting.For(training, options);
        var loss = new TabularLoss(training.Schema.TaskOrBinary, weights is null ? null : tensor(weights.ToArray()).to(device));
        var epochs = new TabularEpochs(options.MaxEpochs, progress);
        var loop = new TrainingLoop(network, batch => loss.Mean(network.forward(batch[0], batch[1]), batch[2]), new()
        {
            Optimizer = new() { LearningRate = options.LearningRate, WeightDecay = options.WeightDecay },
            MaxEpochs = options.MaxEpochs, MaxSteps = options.MaxSteps, Distributed = new() { Timeline = options.Timeline }, EarlyStopping = new() { Patience = options.Patience }, Seed = options.Seed, Device = options.Device, Checkpoints = options.Checkpoints,
        });
        loop.Run(new TensorBatches([rows.Numeric, rows.Codes, rows.Labels], options.BatchSize, seed: options.Seed), () => judged.Judge(network, loss), epochs, cancellationToken);
        return TrainedTabularModel.From(new NetworkPredictor(network.cpu()), preprocessor, options, device.ToString(), epochs.History, epochs.BestEpoch);
    }
}
