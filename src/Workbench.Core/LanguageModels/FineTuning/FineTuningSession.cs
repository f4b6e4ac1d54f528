using Workbench.Data;
using Workbench.Training;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// A model that learns, with its tokenizer and its adapter where it has one: <see cref="FineTuner"/> for programs that do
/// not touch the network, such as a command or a pipeline's step. Not thread-safe.
/// </summary>
public sealed class FineTuningSession : IDisposable
{
    private readonly LanguageModel _language;
    private readonly LoraAdapter? _adapter;

    private FineTuningSession(LanguageModel language, Func<CausalLanguageModel, LoraAdapter>? attach = null)
    {
        _language = language;
        try
        {
            _adapter = attach?.Invoke(language.Network);
        }
        catch
        {
            language.Dispose();
            throw;
        }
    }

    /// <summary>Text to token ids and back.</summary>
    public Tokenizer Tokenizer => _language.Tokenizer;

    /// <summary>The architecture, as config.json names it.</summary>
    public string ModelType => _language.Network.Config.ModelType;

    /// <summary>All weights, an adapter's included.</summary>
    public long Parameters => _language.Network.parameters().Sum(parameter => parameter.numel());

    /// <summary>Weights that learn.</summary>
    public long TrainedParameters => _adapter?.ParameterCount ?? Parameters;

    /// <summary>A model in Hugging Face's layout, of which every weight learns, or a fresh adapter.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="adapter">The adapter's shape; null trains the model as a whole.</param>
    /// <exception cref="DataException">A file is missing or damaged, or the files do not fit each other.</exception>
    /// <exception cref="ArgumentException">The adapter's options are wrong, or a target is unknown.</exception>
    public static FineTuningSession Load(string folder, LoraOptions? adapter = null) =>
        new(LanguageModel.Load(folder), adapter is null ? null : network => LoraAdapter.Create(network, adapter));

    /// <summary>A model in Hugging Face's layout with an adapter in PEFT's, which goes on learning.</summary>
    /// <exception cref="DataException">A file is missing or damaged, or the files do not fit each other.</exception>
    public static FineTuningSession LoadAdapter(string folder, string adapterFolder) =>
        new(LanguageModel.Load(folder), network => LoraAdapter.Load(network, adapterFolder));

    /// <summary>A fresh model with a tokenizer learned from texts.</summary>
    /// <param name="size">One of <see cref="FreshModels.Sizes"/>.</param>
    /// <param name="texts">What the tokenizer is learned from.</param>
    /// <param name="vocabularySize">Most tokens.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="cancellationToken">Ends the learning of the tokenizer.</param>
    /// <exception cref="ArgumentException">The size is unknown, or the vocabulary too small.</exception>
    public static FineTuningSession Fresh(string size, IEnumerable<string> texts, int vocabularySize, long seed = 42, CancellationToken cancellationToken = default)
    {
        _ = FreshModels.Config(size, vocabularySize);   // before the work
        var tokenizer = BytePairTrainer.Train(texts, new() { VocabularySize = vocabularySize }, cancellationToken);
        return new(new LanguageModel(CausalLanguageModel.Create(FreshModels.Config(size, tokenizer.VocabularySize), seed), tokenizer));
    }

    /// <summary>Trains; see <see cref="FineTuner.Run"/>.</summary>
    /// <inheritdoc cref="FineTuner.Run"/>
    public FineTuningResult Run(FineTuningOptions options, TokenCorpus newText, TokenCorpus? oldText = null, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default) =>
        new FineTuner(_language.Network, options, _adapter).Run(newText, oldText, progress, cancellationToken);

    /// <summary>How well the model predicts texts; see <see cref="Perplexity"/>.</summary>
    public PerplexityResult Measure(IReadOnlyList<TokenDocument> documents, int context) => Perplexity.Measure(_language.Network, documents, context);

    /// <summary>Continues a text, piece by piece.</summary>
    public IEnumerable<string> Generate(string prompt, GenerationOptions? options = null) => _language.Generate(prompt, options);

    /// <summary>Writes the adapter with the tokenizer, or the whole model.</summary>
    /// <param name="folder">Created where it is missing.</param>
    /// <param name="merges">Whether an adapter is added to the weights and the whole model is written; the session has no adapter any more then.</param>
    /// <param name="baseModel">Name or folder of the model that an adapter belongs to, for who loads it.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public void Save(string folder, bool merges = false, string? baseModel = null)
    {
        if (_adapter is { IsAttached: true } && !merges)
        {
            _adapter.Save(folder, baseModel);
            Tokenizer.Save(folder);
            return;
        }
        if (_adapter is { IsAttached: true })
            _adapter.Merge();
        _language.Save(folder);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        _adapter?.Dispose();
        _language.Dispose();
    }
}
