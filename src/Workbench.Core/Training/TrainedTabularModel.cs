using Workbench.Data;
using Workbench.Features;
using Workbench.Training.Tabular;
using Workbench.Training.Trees;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>
/// A trained model, network or trees, with everything that prediction needs, on the CPU. Prediction is thread-safe.
/// Disposing frees the native weights; a model that is not disposed frees them when it is collected. N rows, C classes.
/// </summary>
public sealed class TrainedTabularModel : IArtifactValue<TrainedTabularModel>, IDisposable
{
    private readonly TabularPredictor _predictor;
    private readonly TabularModelCard _card;
    private readonly byte[] _weights;

    private TrainedTabularModel(TabularPredictor predictor, TabularModelCard card, byte[] weights) => (_predictor, _card, _weights) = (predictor, card, weights);

    /// <summary>The network in evaluation mode; null when the model is trees.</summary>
    public nn.Module<Tensor, Tensor, Tensor>? Network => (_predictor as NetworkPredictor)?.Network;
    /// <summary>The trees; null when the model is a network.</summary>
    public TreeEnsemble? Trees => (_predictor as TreePredictor)?.Ensemble;
    /// <summary>The kind of model.</summary>
    public TabularArchitecture Architecture => Options.Architecture;
    /// <summary>What it predicts.</summary>
    public PredictionTask Task => Schema.TaskOrBinary;
    /// <summary>[C] names of the classes in the order of their probabilities: those of the schema, 0 and 1 for a binary task, none for a regression.</summary>
    public IReadOnlyList<string> Classes => Task == PredictionTask.Binary ? ["0", "1"] : Schema.Classes;
    /// <summary>Columns in input order, with task and classes.</summary>
    public FeatureSchema Schema => Preprocessor.Schema;
    /// <summary>Standardisation, imputation and vocabularies, fitted on the training rows.</summary>
    public TabularPreprocessor Preprocessor => _card.Preprocessor;
    /// <summary>What the model was trained with.</summary>
    public TabularTrainingOptions Options => _card.Options;
    /// <summary>The device it was trained on, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string TrainedOn => _card.TrainedOn;
    /// <summary>One result an epoch, or a round of boosting, in order.</summary>
    public IReadOnlyList<EpochResult> History => _card.History;
    /// <summary>The one-based epoch or round whose weights these are: the lowest validation loss.</summary>
    public int BestEpoch => _card.BestEpoch;
    /// <summary>Number of trained weights; of trees, their thresholds and leaves.</summary>
    public long ParameterCount => _predictor.ParameterCount;
    /// <summary><c>sha256:</c> and the hex hash of the weights as a safetensors file.</summary>
    public string WeightsHash => _card.WeightsHash;

    /// <summary>[N]: the probability of label 1, from 0 to 1, or of a regression the value in the label's unit.</summary>
    /// <exception cref="DataException">The rows have other columns than the model.</exception>
    /// <exception cref="InvalidOperationException">The model knows several classes.</exception>
    public float[] Predict(TabularData data) => Task == PredictionTask.Multiclass
        ? throw new InvalidOperationException($"The model predicts one of {Classes.Count} classes ({string.Join(", ", Classes)}), and {nameof(Predict)} gives one number a row. Use {nameof(PredictProbabilities)} or {nameof(PredictClasses)}.")
        : Outputs(data);

    /// <summary>Row-major [N × C] probabilities in the order of <see cref="Classes"/>, which add up to 1 a row; of a binary model those of 0 and 1.</summary>
    /// <exception cref="DataException">The rows have other columns than the model.</exception>
    /// <exception cref="InvalidOperationException">The model is a regression.</exception>
    public float[] PredictProbabilities(TabularData data) => Task switch
    {
        PredictionTask.Multiclass => Outputs(data),
        PredictionTask.Binary => [.. Outputs(data).SelectMany(probability => new[] { 1 - probability, probability })],
        _ => throw new InvalidOperationException($"The model is a regression of '{Schema.Label}' and knows no classes. Use {nameof(Predict)}."),
    };

    /// <summary>[N] names of the most probable classes; a binary model says 1 from probability 0.5.</summary>
    /// <exception cref="DataException">The rows have other columns than the model.</exception>
    /// <exception cref="InvalidOperationException">The model is a regression.</exception>
    public IReadOnlyList<string> PredictClasses(TabularData data)
    {
        if (Task == PredictionTask.Binary)
            return [.. Outputs(data).Select(probability => probability >= 0.5f ? "1" : "0")];
        var (probabilities, classes) = (PredictProbabilities(data), Classes);
        return [.. Enumerable.Range(0, data.Rows).Select(row => classes[Highest(probabilities.AsSpan(row * classes.Count, classes.Count))])];
    }

    /// <summary>Writes <c>weights.safetensors</c> and <c>model.json</c>.</summary>
    public void Save(string folder)
    {
        WeightsFile.Write(folder, _weights);
        _card.Write(folder);
    }

    /// <summary>Reads a model and checks both files against their hashes.</summary>
    /// <exception cref="DataException">A file is missing, truncated or changed.</exception>
    public static TrainedTabularModel Load(string folder)
    {
        TorchRuntime.EnsureAvailable();
        var card = TabularModelCard.Read(folder);
        var (weights, tensors, path) = WeightsFile.Read(folder, card.WeightsHash);
        return new(card.Options.IsTrees ? new TreePredictor(TreeEnsemble.FromTensors(tensors, path)) : LoadNetwork(card, tensors, path), card, weights);
    }

    /// <inheritdoc/>
    public void Dispose() => _predictor.Dispose();

    /// <summary>Seals a trained model; a network must be on the CPU.</summary>
    internal static TrainedTabularModel From(
        TabularPredictor predictor, TabularPreprocessor preprocessor, TabularTrainingOptions options, string trainedOn,
        IReadOnlyList<EpochResult> history, int bestEpoch)
    {
        byte[] weights = SafeTensors.Write(predictor.ToTensors());
        return new(predictor, new()
        {
            Preprocessor = preprocessor, Options = options, TrainedOn = trainedOn, History = history, BestEpoch = bestEpoch, WeightsHash = WeightsFile.Hash(weights),
        }, weights);
    }

    private float[] Outputs(TabularData data)
    {
        if (!data.Schema.Numeric.SequenceEqual(Schema.Numeric) || !data.Schema.Categorical.SequenceEqual(Schema.Categorical))
            throw new DataException(
                $"The model reads the columns {string.Join(", ", Schema.Inputs)}; the rows have {string.Join(", ", data.Schema.Inputs)}. Read them with the model's schema.");
        return TabularLink.Apply(_predictor.Scores(data, Preprocessor), Preprocessor, isOneVersusRest: Options.IsTrees);
    }

    private static int Highest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            best = values[i] > values[best] ? i : best;
        return best;
    }

    private static NetworkPredictor LoadNetwork(TabularModelCard card, IReadOnlyList<SafeTensor> weights, string path)
    {
        nn.Module<Tensor, Tensor, Tensor> network;
        lock (TorchRuntime.Generator)
            network = NetworkPredictor.NetworkFor(card.Preprocessor, card.Options);
        ModuleWeights.Put(network, weights, path);
        return new(network);
    }
}
