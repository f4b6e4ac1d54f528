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
        var network = NetworkPredictor.NetworkFor(preprocessor, options).to(device);
        using var threads = new TorchThreads(options.BatchSize, network.parameters().Sum(parameter => parameter.numel()));
        using var scope = NewDisposeScope();   // the network outlives it
        using var optimizer = optim.AdamW(network.parameters(), options.LearningRate, weight_decay: options.WeightDecay);
        var trainingRows = TrainingRows.From(training, preprocessor, device);
        var validationRows = TrainingRows.From(validation, preprocessor, device);
        var weights = ClassWeighting.For(training, options);
        var loss = new TabularLoss(training.Schema.TaskOrBinary, weights is null ? null : tensor(weights.ToArray()).to(device));
        var history = new List<EpochResult>();
        var best = new BestWeights(network);

        for (int epoch = 1; epoch <= options.MaxEpochs; epoch++)
        {
            double trainingLoss = TrainEpoch(network, optimizer, loss, trainingRows, options, cancellationToken);
            var (validationLoss, validationAccuracy) = Evaluate(network, loss, validationRows);
            history.Add(new()
            {
                Epoch = epoch, TrainingLoss = trainingLoss, ValidationLoss = validationLoss, ValidationAccuracy = validationAccuracy,
            });
            ThrowUnlessFinite(history[^1], options);
            best.Offer(epoch, validationLoss);
            progress?.Report(new() { Latest = history[^1], MaxEpochs = options.MaxEpochs, BestEpoch = best.Epoch });
            if (epoch - best.Epoch >= options.Patience)
                break;
        }

        best.Restore();
        return TrainedTabularModel.From(new NetworkPredictor(network.cpu()), preprocessor, options, device.ToString(), history, best.Epoch);
    }

    private static double TrainEpoch(
        nn.Module<Tensor, Tensor, Tensor> network, optim.Optimizer optimizer, TabularLoss tabularLoss, TrainingRows rows,
        TabularTrainingOptions options, CancellationToken cancellationToken)
    {
        using var epochScope = NewDisposeScope();
        network.train();
        var shuffled = rows.Shuffled();
        var totalLoss = zeros(1, device: rows.Labels.device);
        for (long start = 0; start < rows.Count; start += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            var batch = shuffled.Narrow(start, Math.Min(options.BatchSize, rows.Count - start));
            var loss = tabularLoss.Mean(network.forward(batch.Numeric, batch.Codes), batch.Labels);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            using var gradients = no_grad();
            totalLoss.add_(loss.detach() * batch.Count);
        }
        return totalLoss.item<float>() / rows.Count;
    }

    private static (double Loss, double? Accuracy) Evaluate(nn.Module<Tensor, Tensor, Tensor> network, TabularLoss tabularLoss, TrainingRows rows)
    {
        const int batchSize = 4_096;   // bounds the memory of a transformer's attention
        using var gradients = no_grad();
        network.eval();
        double totalLoss = 0, totalWeight = 0;
        long? right = null;
        for (long start = 0; start < rows.Count; start += batchSize)
        {
            using var scope = NewDisposeScope();
            var batch = rows.Narrow(start, Math.Min(batchSize, rows.Count - start));
            var outputs = network.forward(batch.Numeric, batch.Codes);                       // [B, O]
            var (loss, weight) = tabularLoss.Sums(outputs, batch.Labels);
            totalLoss += loss.item<float>();
            totalWeight += weight.item<float>();
            if (tabularLoss.Right(outputs, batch.Labels) is { } count)
                right = (right ?? 0) + count.item<long>();
        }
        return (totalLoss / totalWeight, right / (double)rows.Count);
    }

    private static void ThrowUnlessFinite(EpochResult result, TabularTrainingOptions options)
    {
        if (!double.IsFinite(result.TrainingLoss) || !double.IsFinite(result.ValidationLoss))
            throw new TrainingException(FormattableString.Invariant(
                $"The loss is no longer a number in epoch {result.Epoch} (training {result.TrainingLoss}, validation {result.ValidationLoss}). Lower LearningRate, which is {options.LearningRate}, and look for extreme values in the data."));
    }
}
