using TorchSharp;
using Workbench.Data;
using Workbench.Features;
using Workbench.Training.Tabular;
using static TorchSharp.torch;

namespace Workbench.Training.Text;

/// <summary>Trains a text classifier on texts in memory.</summary>
public static class TextTrainer
{
    private const int JudgedAtOnce = 256;

    /// <summary>
    /// Fits the vocabulary on <paramref name="training"/> and trains with AdamW on cross-entropy until the loss on
    /// <paramref name="validation"/> has not improved for <see cref="TextTrainingOptions.Patience"/> epochs; the weights of
    /// the best epoch are kept. The same texts, options and CPU give the same bits. Trainings of one process run one after
    /// the other.
    /// </summary>
    /// <exception cref="ArgumentException">The options are wrong; lists every error.</exception>
    /// <exception cref="DataException">There are no texts or labels, only one class, or a class that training does not know.</exception>
    /// <exception cref="TrainingException">libtorch or the device is missing, or the loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    public static TrainedTextModel Fit(
        LabelledTexts training, LabelledTexts validation, TextTrainingOptions options,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.EnsureValid();
        Check(training, "training");
        Check(validation, "validation");
        List<string> classes = [.. training.Labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (classes.Count == 1)
            throw new DataException($"All {training.Texts.Count:N0} training texts are of the class '{classes[0]}'; there is nothing to learn. Give texts of another class.");
        var device = TorchRuntime.Device(options.Device);
        lock (TorchRuntime.Generator)
            return Train(training, validation, classes, options, device, progress, cancellationToken);
    }

    private static TrainedTextModel Train(
        LabelledTexts training, LabelledTexts validation, List<string> classes, TextTrainingOptions options, Device device,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        manual_seed(options.Seed);
        var vocabulary = TextVocabulary.Fit(training.Texts, options.MaxTokens, options.MinimumCount, options.MaxWords);
        var network = new TextNetwork(vocabulary.Words.Count + 2, classes.Count, options);
        using var scope = NewDisposeScope();   // the network outlives it
        var (numbers, labels) = Rows(training, vocabulary, classes, device);
        var (judgedNumbers, judgedLabels) = Rows(validation, vocabulary, classes, device);
        var loss = new TabularLoss(PredictionTask.Multiclass, Weights(training, classes, options, device));
        var epochs = new TabularEpochs(options.MaxEpochs, progress);
        new TrainingLoop(network, batch => loss.Mean(network.forward(batch[0]), batch[1]), options.Loop()).Run(
            new TensorBatches([numbers, labels], options.BatchSize, seed: options.Seed), () => Judge(network, loss, judgedNumbers, judgedLabels), epochs, cancellationToken);
        return TrainedTextModel.From(network.cpu(), new()
        {
            Vocabulary = vocabulary, Classes = classes, Options = options, TrainedOn = device.ToString(), History = epochs.History, BestEpoch = epochs.BestEpoch, WeightsHash = "",
        });
    }

    private static ValidationResult Judge(TextNetwork network, TabularLoss loss, Tensor numbers, Tensor labels)
    {
        double totalLoss = 0, totalWeight = 0, right = 0;
        for (long start = 0; start < labels.shape[0]; start += JudgedAtOnce)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(JudgedAtOnce, labels.shape[0] - start);
            var (outputs, expected) = (network.forward(numbers.narrow(0, start, length)), labels.narrow(0, start, length));   // [B, C], [B]
            var (sum, weight) = loss.Sums(outputs, expected);
            totalLoss += sum.item<float>();
            totalWeight += weight.item<float>();
            right += outputs.argmax(1).eq(expected).sum().item<long>();
        }
        return new(totalLoss / totalWeight, new Dictionary<string, double> { [TrainingRows.Accuracy] = right / labels.shape[0] });
    }

    private static (Tensor Numbers, Tensor Labels) Rows(LabelledTexts texts, TextVocabulary vocabulary, List<string> classes, Device device)
    {
        var (numbers, tokens) = vocabulary.Encode(texts.Texts);
        long[] labels = [.. texts.Labels.Select(label => (long)classes.BinarySearch(label, StringComparer.Ordinal))];
        int unknown = Array.FindIndex(labels, label => label < 0);
        if (unknown >= 0)
            throw new DataException($"Text {unknown:N0} of the validation is of the class '{texts.Labels[unknown]}', and training knows {string.Join(", ", classes)}. Leave such texts out, or train with all classes.") { Value = texts.Labels[unknown] };
        return (tensor(numbers, [texts.Texts.Count, tokens]).to(device), tensor(labels).to(device));
    }

    private static Tensor? Weights(LabelledTexts training, List<string> classes, TextTrainingOptions options, Device device)
    {
        if (!options.BalanceClasses)
            return null;
        float[] labels = [.. training.Labels.Select(label => (float)classes.BinarySearch(label, StringComparer.Ordinal))];
        return tensor(ClassWeighting.Balanced(labels, classes.Count).ToArray()).to(device);
    }

    private static void Check(LabelledTexts texts, string role)
    {
        if (texts.Texts.Count == 0)
            throw new DataException($"There are 0 {role} texts. Give at least one of each class.");
        if (texts.Labels.Count != texts.Texts.Count)
            throw new DataException($"There are {texts.Texts.Count:N0} {role} texts and {texts.Labels.Count:N0} labels. Give every text a label.");
    }
}
