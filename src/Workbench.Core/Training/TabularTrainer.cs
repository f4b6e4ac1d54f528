using TorchSharp;
using Workbench.Features;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Trains a <see cref="TabularNetwork"/> on rows in memory.</summary>
public static class TabularTrainer
{
    /// <summary>
    /// Fits the preprocessor on <paramref name="training"/>, trains with AdamW on binary cross-entropy until the loss on
    /// <paramref name="validation"/> has not improved for <see cref="TabularTrainingOptions.Patience"/> epochs, and returns
    /// the weights of the best epoch. The same data, options and CPU give the same bits, unless other
    /// code of the process draws from libtorch's generator meanwhile. Trainings of one process run one after the other.
    /// </summary>
    /// <exception cref="ArgumentException">The options are wrong; lists every error.</exception>
    /// <exception cref="Data.DataException">There are no rows or labels, only one class, an infinite number, or other columns in the validation rows.</exception>
    /// <exception cref="TrainingException">libtorch or the device is missing, or the loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    public static TrainedTabularModel Fit(
        TabularData training, TabularData validation, TabularTrainingOptions options,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.EnsureValid();
        TrainingRows.Check(training, validation);
        var device = TorchRuntime.Device(options.Device);
        lock (TorchRuntime.Generator)
            return Train(training, validation, options, device, progress, cancellationToken);
    }

    private static TrainedTabularModel Train(
        TabularData training, TabularData validation, TabularTrainingOptions options, Device device,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        manual_seed(options.Seed);
        var preprocessor = TabularPreprocessor.Fit(training);
        var network = TrainedTabularModel.NetworkFor(preprocessor, options).to(device);
        using var threads = new TorchThreads(options.BatchSize, network.parameters().Sum(parameter => parameter.numel()));
        using var scope = NewDisposeScope();   // the network outlives it
        using var optimizer = optim.AdamW(network.parameters(), options.LearningRate, weight_decay: options.WeightDecay);
        var trainingRows = TrainingRows.From(training, preprocessor, device);
        var validationRows = TrainingRows.From(validation, preprocessor, device);
        var history = new List<EpochResult>();
        var best = new BestWeights(network);

        for (int epoch = 1; epoch <= options.MaxEpochs; epoch++)
        {
            double trainingLoss = TrainEpoch(network, optimizer, trainingRows, options, cancellationToken);
            var (validationLoss, validationAccuracy) = Evaluate(network, validationRows);
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
        return TrainedTabularModel.From(network.cpu(), preprocessor, options, device.ToString(), history, best.Epoch);
    }

    private static double TrainEpoch(
        TabularNetwork network, optim.Optimizer optimizer, TrainingRows rows, TabularTrainingOptions options, CancellationToken cancellationToken)
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
            var loss = Loss(network.forward(batch.Numeric, batch.Codes), batch.Labels);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            using var gradients = no_grad();
            totalLoss.add_(loss.detach() * batch.Count);
        }
        return totalLoss.item<float>() / rows.Count;
    }

    private static (double Loss, double Accuracy) Evaluate(TabularNetwork network, TrainingRows rows)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        network.eval();
        var logits = network.forward(rows.Numeric, rows.Codes);                          // [N, 1]
        var right = logits.ge(0f).eq(rows.Labels.ge(0.5f));                              // [N, 1]
        return (Loss(logits, rows.Labels).item<float>(), right.to(ScalarType.Float32).mean().item<float>());
    }

    private static Tensor Loss(Tensor logits, Tensor labels) => nn.functional.binary_cross_entropy_with_logits(logits, labels);

    private static void ThrowUnlessFinite(EpochResult result, TabularTrainingOptions options)
    {
        if (!double.IsFinite(result.TrainingLoss) || !double.IsFinite(result.ValidationLoss))
            throw new TrainingException(FormattableString.Invariant(
                $"The loss is no longer a number in epoch {result.Epoch} (training {result.TrainingLoss}, validation {result.ValidationLoss}). Lower LearningRate, which is {options.LearningRate}, and look for extreme values in the data."));
    }
}
