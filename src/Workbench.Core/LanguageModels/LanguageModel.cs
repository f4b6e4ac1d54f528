using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>A network, its tokenizer and how it generates: what a Hugging Face folder holds. Owns the network. Not thread-safe.</summary>
public sealed class LanguageModel : IDisposable
{
    private readonly JsonObject _generationFile;

    /// <summary>Joins what belongs together, such as a network trained from scratch.</summary>
    /// <exception cref="ArgumentException">The tokenizer knows more tokens than the network.</exception>
    public LanguageModel(CausalLanguageModel network, Tokenizer tokenizer, GenerationOptions? generation = null)
        : this(network, tokenizer, generation ?? new() { StopTokens = tokenizer.EndToken is { } end ? [end] : [] }, [])
    {
    }

    private LanguageModel(CausalLanguageModel network, Tokenizer tokenizer, GenerationOptions generation, JsonObject generationFile)
    {
        if (tokenizer.VocabularySize > network.Config.VocabularySize)
            throw new ArgumentException(
                $"The tokenizer has ids up to {tokenizer.VocabularySize - 1} and the network {network.Config.VocabularySize} tokens. Take both from the same model.", nameof(tokenizer));
        (Network, Tokenizer, Generation, _generationFile) = (network, tokenizer, generation, generationFile);
    }

    /// <summary>Token ids to logits.</summary>
    public CausalLanguageModel Network { get; }
    /// <summary>Text to token ids and back.</summary>
    public Tokenizer Tokenizer { get; }
    /// <summary>How <see cref="Generate"/> works where it is told nothing else.</summary>
    public GenerationOptions Generation { get; init; }

    /// <summary>Reads a Hugging Face folder: config.json, safetensors, tokenizer.json, and generation_config.json where there is one.</summary>
    /// <exception cref="DataException">A file is missing, damaged, asks for what is not supported, or does not fit the others.</exception>
    /// <exception cref="Training.TrainingException">The device is not there.</exception>
    public static LanguageModel Load(string folder, LanguageModelLoading? loading = null)
    {
        var tokenizer = Tokenizer.Load(folder);
        string path = Path.Combine(folder, GenerationOptions.ConfigFile);
        var file = File.Exists(path) ? ModelFamilies.ReadObject(path) : [];
        var generation = GenerationOptions.Read(file, path);
        var network = CausalLanguageModel.Load(folder, loading);
        try
        {
            if (generation.StopTokens.Count == 0)
                generation = generation with { StopTokens = EndTokens(network.Config, tokenizer) };
            return new(network, tokenizer, generation, file);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            network.Dispose();
            throw new DataException($"The files in '{folder}' do not fit each other: {failure.Message}", failure) { Origin = folder };
        }
    }

    /// <summary>Writes config.json, weights, tokenizer and generation_config.json as Hugging Face's tools read them.</summary>
    /// <param name="folder">Created where it is missing; other files in it stay.</param>
    /// <param name="maxShardBytes">Weights beyond this are spread over several files behind an index.</param>
    /// <exception cref="InvalidOperationException">A projection has an adapter.</exception>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public void Save(string folder, long maxShardBytes = 5_000_000_000)
    {
        Network.Save(folder, maxShardBytes);
        Tokenizer.Save(folder);
        var file = (JsonObject)_generationFile.DeepClone();
        Generation.WriteTo(file);
        CheckpointWriter.WriteJson(Path.Combine(folder, GenerationOptions.ConfigFile), file);
    }

    /// <summary>Continues a text, piece by piece, without the prompt. Each piece is computed when it is asked for.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or the prompt is longer than the model's context.</exception>
    public IEnumerable<string> Generate(string prompt, GenerationOptions? options = null)
    {
        options ??= Generation;
        var ids = Tokenizer.Encode(prompt);
        if (ids.Count == 0)   // GPT-2's way to begin a text is the token that ends the one before
            ids = (Tokenizer.BeginToken ?? Tokenizer.EndToken) is { } begin ? [begin]
                : throw new ArgumentException("The prompt has no tokens and the tokenizer none that begins a text. Write a prompt.", nameof(prompt));
        return Texts(Network.Generate(ids, options), options);
    }

    /// <summary>As <see cref="Generate"/>, computing on the thread pool.</summary>
    public async IAsyncEnumerable<string> GenerateAsync(
        string prompt, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var pieces = Generate(prompt, options).GetEnumerator();
        while (await Task.Run(pieces.MoveNext, cancellationToken))
            yield return pieces.Current;
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private IEnumerable<string> Texts(IEnumerable<int> ids, GenerationOptions options)
    {
        var stream = Tokenizer.NewStream();
        var filter = new StopFilter(options.StopSequences);
        foreach (int id in ids)
        {
            if (filter.Append(stream.Append(id)) is { Length: > 0 } piece)
                yield return piece;
            if (filter.IsStopped)
                yield break;
        }
        string rest = filter.Append(stream.Finish());
        if (!filter.IsStopped)
            rest += filter.Finish();
        if (rest.Length > 0)
            yield return rest;
    }

    private static IReadOnlyList<int> EndTokens(LanguageModelConfig config, Tokenizer tokenizer) =>
        GenerationOptions.Ids(config.Extras["eos_token_id"]) is { Count: > 0 } ids ? ids : tokenizer.EndToken is { } end ? [end] : [];
}
