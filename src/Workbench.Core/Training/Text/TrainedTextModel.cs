using Workbench.Data;
using Workbench.Features;
using static TorchSharp.torch;

namespace Workbench.Training.Text;

/// <summary>
/// A trained text classifier with everything that prediction needs, on the CPU. Prediction is thread-safe. Disposing frees
/// the native weights. N texts, C classes.
/// </summary>
public sealed class TrainedTextModel : IArtifactValue<TrainedTextModel>, IDisposable
{
    private const int PredictionBatch = 256;

    private readonly TextModelCard _card;
    private readonly byte[] _weights;

    private TrainedTextModel(TextNetwork network, TextModelCard card, byte[] weights)
    {
        (Network, _card, _weights) = (network, card, weights);
        ParameterCount = network.parameters().Sum(parameter => parameter.numel());
        network.eval();
    }

    /// <summary>The network in evaluation mode.</summary>
    public TextNetwork Network { get; }
    /// <summary>The tokens it knows.</summary>
    public TextVocabulary Vocabulary => _card.Vocabulary;
    /// <summary>[C] names of the classes in the order of their probabilities.</summary>
    public IReadOnlyList<string> Classes => _card.Classes;
    /// <summary>What the model was trained with.</summary>
    public TextTrainingOptions Options => _card.Options;
    /// <summary>The device it was trained on, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string TrainedOn => _card.TrainedOn;
    /// <summary>One result an epoch, in order.</summary>
    public IReadOnlyList<EpochResult> History => _card.History;
    /// <summary>The one-based epoch whose weights these are: the lowest validation loss.</summary>
    public int BestEpoch => _card.BestEpoch;
    /// <summary>Number of trained weights.</summary>
    public long ParameterCount { get; }
    /// <summary><c>sha256:</c> and the hex hash of the weights as a safetensors file.</summary>
    public string WeightsHash => _card.WeightsHash;

    /// <summary>Row-major [N × C] probabilities in the order of <see cref="Classes"/>, which add up to 1 a text.</summary>
    public float[] PredictProbabilities(IReadOnlyList<string> texts)
    {
        var probabilities = new List<float>(texts.Count * Classes.Count);
        foreach (string[] batch in texts.Chunk(PredictionBatch))
        {
            var (numbers, tokens) = Vocabulary.Encode(batch);
            probabilities.AddRange(Probabilities(numbers, tokens));
        }
        return [.. probabilities];
    }

    /// <summary>[N] names of the most probable classes.</summary>
    public IReadOnlyList<string> PredictClasses(IReadOnlyList<string> texts) =>
        [.. PredictProbabilities(texts).Chunk(Classes.Count).Select(row => Classes[Array.IndexOf(row, row.Max())])];

    /// <summary>Row-major [N × C] probabilities of token numbers.</summary>
    /// <param name="numbers">Row-major [N × T]; 0 is padding, and no row is all padding.</param>
    /// <param name="tokens">T, at most the vocabulary's.</param>
    public float[] Probabilities(long[] numbers, int tokens)
    {
        using var threads = new TorchThreads(numbers.Length, ParameterCount - Network.Embedding.weight!.numel());   // an embedding always has a weight
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var logits = Network.forward(tensor(numbers, [numbers.Length / tokens, tokens]));                           // [N, C]
        return nn.functional.softmax(logits, 1).data<float>().ToArray();
    }

    /// <summary>Writes <c>weights.safetensors</c> and <c>model.json</c>.</summary>
    public void Save(string folder)
    {
        WeightsFile.Write(folder, _weights);
        ModelCardFile.Write(folder, TextModelCard.Format, _card);
    }

    /// <summary>Reads a model and checks both files against their hashes.</summary>
    /// <exception cref="DataException">A file is missing, truncated or changed.</exception>
    public static TrainedTextModel Load(string folder)
    {
        TorchRuntime.EnsureAvailable();
        var card = ModelCardFile.Read<TextModelCard>(folder, TextModelCard.Format);
        var (weights, tensors, path) = WeightsFile.Read(folder, card.WeightsHash);
        TextNetwork network;
        lock (TorchRuntime.Generator)
            network = new(card.Vocabulary.Words.Count + 2, card.Classes.Count, card.Options);
        ModuleWeights.Put(network, tensors, path);
        return new(network, card, weights);
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>Seals a trained network; it must be on the CPU.</summary>
    internal static TrainedTextModel From(TextNetwork network, TextModelCard card)
    {
        byte[] weights = SafeTensors.Write(ModuleWeights.Take(network));
        return new(network, card with { WeightsHash = WeightsFile.Hash(weights) }, weights);
    }
}
