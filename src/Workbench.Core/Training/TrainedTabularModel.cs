using System.Security.Cryptography;
using Workbench.Data;
using Workbench.Features;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// A trained network with everything that prediction needs, on the CPU. Prediction is thread-safe. Disposing frees the
/// native weights; a model that is not disposed frees them when it is collected.
/// </summary>
public sealed class TrainedTabularModel : IArtifactValue<TrainedTabularModel>, IDisposable
{
    private const string WeightsFile = "weights.safetensors";
    private const int PredictionBatch = 4_096;

    private readonly TabularModelCard _card;
    private readonly byte[] _weights;

    private TrainedTabularModel(TabularNetwork network, TabularModelCard card, byte[] weights)
    {
        (Network, _card, _weights) = (network, card, weights);
        ParameterCount = network.parameters().Sum(parameter => parameter.numel());
        network.eval();
    }

    /// <summary>The network in evaluation mode.</summary>
    public TabularNetwork Network { get; }
    /// <summary>Columns in input order.</summary>
    public FeatureSchema Schema => Preprocessor.Schema;
    /// <summary>Standardisation and vocabularies, fitted on the training rows.</summary>
    public TabularPreprocessor Preprocessor => _card.Preprocessor;
    /// <summary>What the model was trained with.</summary>
    public TabularTrainingOptions Options => _card.Options;
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

    /// <summary>Probability of label 1 for every row, [N] from 0 to 1.</summary>
    /// <exception cref="DataException">The rows have other columns than the model.</exception>
    public float[] Predict(TabularData data)
    {
        if (!data.Schema.Numeric.SequenceEqual(Schema.Numeric) || !data.Schema.Categorical.SequenceEqual(Schema.Categorical))
            throw new DataException(
                $"The model reads the columns {string.Join(", ", Schema.Inputs)}; the rows have {string.Join(", ", data.Schema.Inputs)}. Read them with the model's schema.");
        using var threads = new TorchThreads(Math.Min(PredictionBatch, data.Rows), ParameterCount);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var numeric = tensor(Preprocessor.TransformNumeric(data), [data.Rows, Schema.Numeric.Count]);            // [N, D]
        var codes = tensor(Preprocessor.TransformCategorical(data), [data.Rows, Schema.Categorical.Count]);      // [N, K]
        var probabilities = new float[data.Rows];
        for (int start = 0; start < data.Rows; start += PredictionBatch)
        {
            using var batchScope = NewDisposeScope();
            int length = Math.Min(PredictionBatch, data.Rows - start);
            var logits = Network.forward(numeric.narrow(0, start, length), codes.narrow(0, start, length));     // [B, 1]
            logits.sigmoid().data<float>().CopyTo(probabilities.AsSpan(start, length));
        }
        return probabilities;
    }

    /// <summary>Writes <c>weights.safetensors</c> and <c>model.json</c>.</summary>
    public void Save(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, WeightsFile), _weights);
        _card.Write(folder);
    }

    /// <summary>Reads a model and checks both files against their hashes.</summary>
    /// <exception cref="DataException">A file is missing, truncated or changed.</exception>
    public static TrainedTabularModel Load(string folder)
    {
        TorchRuntime.EnsureAvailable();
        var card = TabularModelCard.Read(folder);
        string path = Path.Combine(folder, WeightsFile);
        if (!File.Exists(path))
            throw new DataException($"'{path}' is missing. Save the model again, or fetch it from the registry.") { Origin = path };
        byte[] weights = File.ReadAllBytes(path);
        if (Hash(weights) is var hash && hash != card.WeightsHash)
            throw new DataException($"'{path}' has the hash {hash}, and its model was saved with {card.WeightsHash}. The file was changed or cut; fetch it again.")
            { Origin = path };
        TabularNetwork network;
        lock (TorchRuntime.Generator)
            network = NetworkFor(card.Preprocessor, card.Options);
        ModuleWeights.Put(network, SafeTensors.Read(weights, path), path);
        return new(network, card, weights);
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>An untrained network that fits a preprocessor's columns. Draws random numbers: hold <see cref="TorchRuntime.Generator"/>.</summary>
    internal static TabularNetwork NetworkFor(TabularPreprocessor preprocessor, TabularTrainingOptions options) =>
        new(preprocessor.Means.Count, preprocessor.Categories.Select(categories => categories.Count + 1).ToList(), options);

    /// <summary>Seals a trained network; it must be on the CPU.</summary>
    internal static TrainedTabularModel From(
        TabularNetwork network, TabularPreprocessor preprocessor, TabularTrainingOptions options, string trainedOn,
        IReadOnlyList<EpochResult> history, int bestEpoch)
    {
        byte[] weights = SafeTensors.Write(ModuleWeights.Take(network));
        return new(network, new()
        {
            Preprocessor = preprocessor, Options = options, TrainedOn = trainedOn, History = history, BestEpoch = bestEpoch, WeightsHash = Hash(weights),
        }, weights);
    }

    private static string Hash(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
