using Workbench.Data;
using Workbench.Tensors;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>
/// A decoder-only language model: token ids to logits of each next token. Parameters carry Hugging Face's names. B batch,
/// T time, C hidden size, V vocabulary. Not thread-safe.
/// </summary>
public abstract class CausalLanguageModel : nn.Module<Tensor, Tensor>
{
    private protected CausalLanguageModel(LanguageModelConfig config) : base(config.ModelType) => Config = config;

    /// <summary>The model's shape.</summary>
    public LanguageModelConfig Config { get; }

    /// <summary>
    /// Runs each block in place of a plain call: gets the block as a function of the residual stream [B, T, C], and its
    /// input. Gradient checkpointing hooks in here: the function can be called again until the backward pass, as long as
    /// positions and mask given to <see cref="Hidden"/> live. Null calls the blocks plainly. Not used with a cache.
    /// </summary>
    public Func<Func<Tensor, Tensor>, Tensor, Tensor>? BlockRunner { get; set; }

    /// <summary>The projections by full name, such as <c>transformer.h.0.attn.c_attn</c> or <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public IReadOnlyDictionary<string, Projection> Projections =>
        named_modules().Where(named => named.module is Projection).ToDictionary(named => named.name, named => (Projection)named.module);

    /// <summary>A network of this shape with fresh random weights, in training mode.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="seed">The same seed gives the same weights on the same kind of device.</param>
    /// <param name="type">Element type of the weights.</param>
    /// <param name="device">Null is the CPU.</param>
    public static CausalLanguageModel Create(LanguageModelConfig config, long seed, ScalarType type = ScalarType.Float32, Device? device = null)
    {
        TorchRuntime.EnsureAvailable();
        var network = config.NewNetwork(type, device ?? CPU);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator((ulong)seed, device ?? CPU);
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (name.EndsWith(".bias", StringComparison.Ordinal))
                nn.init.zeros_(parameter);
            else if (parameter.dim() == 1)
                nn.init.ones_(parameter);   // the only other vectors are scales of norms
            else
                parameter.normal_(0, network.InitialDeviation(name), generator);
        }
        return network;
    }

    /// <summary>Reads config.json and the weights of a Hugging Face folder; the weights are streamed, so that one copy lives. In eval mode.</summary>
    /// <exception cref="DataException">A file is missing or damaged, or the files do not fit each other; all misfits are listed.</exception>
    /// <exception cref="TrainingException">The device is not there.</exception>
    public static CausalLanguageModel Load(string folder, LanguageModelLoading? options = null)
    {
        options ??= new();
        if (options.Type is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
            throw new ArgumentException($"Weights of type {options.Type} were asked for; allowed are Float32, Float16 and BFloat16.", nameof(options));
        var device = TorchRuntime.Device(options.Device);
        var config = ModelFamilies.ReadConfig(Path.Combine(folder, CheckpointWriter.ConfigFile), options.IgnoredConfigFields);
        using var checkpoint = CheckpointReader.Open(folder);
        var network = config.NewNetwork(options.Type, device);
        try
        {
            checkpoint.CopyTo(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
        network.eval();
        return network;
    }

    /// <summary>Writes config.json and the weights as Hugging Face's tools read them. Other files in the folder stay.</summary>
    /// <param name="folder">Created where it is missing.</param>
    /// <param name="maxShardBytes">Weights beyond this are spread over several files behind an index.</param>
    /// <exception cref="InvalidOperationException">A projection has an adapter.</exception>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public void Save(string folder, long maxShardBytes = 5_000_000_000) => CheckpointWriter.Write(this, folder, maxShardBytes);

    /// <summary>Logits of the next token at each place.</summary>
    /// <param name="tokens">[B, T] int64 ids below V.</param>
    /// <returns>[B, T, V].</returns>
    /// <exception cref="ArgumentException">The tokens are no matrix, or more than the model has positions for.</exception>
    public sealed override Tensor forward(Tensor tokens) => Logits(tokens);

    /// <summary>Logits of the next token at each place.</summary>
    /// <param name="tokens">[B, T] int64 ids below V.</param>
    /// <param name="positions">[T] or [B, T] int64, counted from 0; null counts through, from the cache's length on.</param>
    /// <param name="mask">[B, 1, T, T] bool, true where a query (row) sees a key (column); null is causal. See <see cref="PackedMask"/>.</param>
    /// <param name="cache">Earlier tokens' keys and values, which grow by these tokens'. Then no gradient is kept.</param>
    /// <returns>[B, T, V].</returns>
    public Tensor Logits(Tensor tokens, Tensor? positions = null, Tensor? mask = null, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        return Head(Hidden(tokens, positions, mask, cache)).MoveToOuterDisposeScope();
    }

    /// <summary>The residual stream after the last norm; with <see cref="Head"/>, logits of chosen places only.</summary>
    /// <returns>[B, T, C].</returns>
    public Tensor Hidden(Tensor tokens, Tensor? positions = null, Tensor? mask = null, KeyValueCache? cache = null)
    {
        Check(tokens, positions, mask, cache);
        using var scope = NewDisposeScope();
        using var gradients = cache is null ? null : no_grad();
        long past = cache?.Length ?? 0;
        long time = tokens.shape[1];
        var x = Embed(tokens, positions ?? Positions(past, time, tokens.device));   // [B, T, C]
        if (BlockRunner is { } run && cache is null)
        {
            // The runner may call a block once more, when this scope has ended: each call makes its own context.
            foreach (var block in Blocks)
                x = run(y => Run(block, y, () => NewContext(y, positions, mask, null)), x);
        }
        else
        {
            var context = NewContext(x, positions, mask, cache);
            foreach (var block in Blocks)
                x = Run(block, x, () => context);
        }
        cache?.Advance(time);
        return Norm(x).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of rows of the residual stream, [.., C] to [.., V].</summary>
    public abstract Tensor Head(Tensor hidden);

    /// <summary>Continues a sequence, token by token, without the prompt; a stop token ends it and is not given out. Dropout is off.</summary>
    /// <param name="prompt">At least one token id.</param>
    /// <param name="options">Stop sequences, which are text, are not looked at.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the prompt is empty or longer than the model's context.</exception>
    public IEnumerable<int> Generate(IReadOnlyList<int> prompt, GenerationOptions options)
    {
        options.Check();
        if (prompt.Count == 0 || prompt.Count >= Config.LongestSequence)
            throw new ArgumentException($"The prompt has {prompt.Count} tokens; the model continues 1 to {Config.LongestSequence - 1}.", nameof(prompt));
        foreach (int id in prompt)
            if (id < 0 || id >= Config.VocabularySize)
                throw new ArgumentException($"The prompt has the token {id}; the model knows 0 to {Config.VocabularySize - 1}.", nameof(prompt));
        return TokenGeneration.Run(this, prompt, options);
    }

    /// <summary>A mask for several documents packed into a row: each token sees itself and earlier tokens of its own document.</summary>
    /// <param name="documents">[B, T] int64, a number a document; positions should start at 0 in each.</param>
    /// <returns>[B, 1, T, T] bool.</returns>
    public static Tensor PackedMask(Tensor documents)
    {
        using var scope = NewDisposeScope();
        long time = documents.shape[1];
        var same = documents.unsqueeze(2).eq(documents.unsqueeze(1));               // [B, T, T]
        var causal = ones([time, time], ScalarType.Bool, documents.device).tril();
        return same.logical_and(causal).unsqueeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>The blocks, in order.</summary>
    private protected abstract IEnumerable<nn.Module<Tensor, AttentionContext, Tensor>> Blocks { get; }

    /// <summary>Rows of the table of learned positions.</summary>
    private protected virtual int PositionCount => int.MaxValue;

    /// <summary>How many keys a query of a windowed layer sees.</summary>
    private protected virtual int SlidingWindow => int.MaxValue;

    private protected abstract Tensor Embed(Tensor tokens, Tensor positions);
    private protected abstract Tensor Norm(Tensor hidden);

    /// <summary>What blocks need of the positions.</summary>
    private protected abstract AttentionContext Context(Tensor positions, long length, ScalarType type);

    /// <summary>Standard deviation of a fresh weight.</summary>
    private protected virtual double InitialDeviation(string parameterName) => Config.InitializerRange;

    /// <summary>Whether a name in a checkpoint is of no use here: buffers that follow from the configuration, and a tied head.</summary>
    internal abstract bool IsRedundant(string checkpointName);

    /// <summary>The name here of a tensor in a checkpoint, which may lack the outermost prefix.</summary>
    internal abstract string NameHere(string checkpointName);

    private AttentionContext NewContext(Tensor x, Tensor? positions, Tensor? mask, KeyValueCache? cache)
    {
        long past = cache?.Length ?? 0;
        long time = x.shape[1];
        var full = mask ?? (past > 0 && time > 1 ? ones([time, past + time], ScalarType.Bool, x.device).tril(past) : null);
        return Context(positions ?? Positions(past, time, x.device), past + time, x.dtype) with
        {
            Mask = full,
            IsCausal = mask is null && past == 0 && time > 1,
            WindowMask = WindowMask(full, past, time, x.device),
            Cache = cache,
        };
    }

    /// <summary>What also lies within the sliding window; null when the whole sequence does.</summary>
    private Tensor? WindowMask(Tensor? full, long past, long time, Device device)
    {
        if (past + time <= SlidingWindow)
            return null;
        var window = ones([time, past + time], ScalarType.Bool, device).tril(past).triu(past - SlidingWindow + 1);
        return full is null ? window : window.logical_and(full);
    }

    private static Tensor Positions(long past, long time, Device device) => TensorArithmetic.Range(past, past + time, device: device);

    /// <summary>A block's intermediate results end with it.</summary>
    private static Tensor Run(nn.Module<Tensor, AttentionContext, Tensor> block, Tensor x, Func<AttentionContext> context)
    {
        using var scope = NewDisposeScope();
        return block.call(x, context()).MoveToOuterDisposeScope();
    }

    private void Check(Tensor tokens, Tensor? positions, Tensor? mask, KeyValueCache? cache)
    {
        if (tokens.dim() != 2 || tokens.dtype != ScalarType.Int64)
            throw new ArgumentException($"The tokens are {tokens.dtype} [{string.Join(", ", tokens.shape)}]; give int64 [batch, time].", nameof(tokens));
        if (cache is not null && mask is not null)
            throw new ArgumentException("A mask and a cache do not go together; leave one out.", nameof(mask));
        long length = (cache?.Length ?? 0) + tokens.shape[1];
        if (positions is null && length > PositionCount)
            throw new ArgumentException($"The text has {length} tokens and the model {PositionCount} positions. Cut it into shorter pieces.", nameof(tokens));
        if (cache is not null && length > Config.CacheableLength)
            throw new ArgumentException(
                $"With dynamic rotary scaling, keys of more than {Config.CacheableLength} tokens cannot be cached; call without a cache.", nameof(cache));
    }
}
