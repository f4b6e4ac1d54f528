using TorchSharp.Utils;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>GPT-2 (Radford et al. 2019) with the parameter names of Hugging Face's GPT2LMHeadModel.</summary>
public sealed class Gpt2Model : CausalLanguageModel
{
    [ComponentName(Name = "transformer")]
    private readonly Gpt2Body _body;
    [ComponentName(Name = "lm_head")]
    private readonly Projection? _head;

    internal Gpt2Model(Gpt2Config config, ScalarType type, Device device) : base(config)
    {
        _body = new(config, type, device);
        _head = config.TieEmbeddings ? null : new(config.HiddenSize, config.VocabularySize, bias: false, isInputFirst: false, type, device);
        RegisterComponents();
    }

    private protected override int PositionCount => Config.ContextLength;

    private protected override IEnumerable<nn.Module<Tensor, AttentionContext, Tensor>> Blocks => _body.Blocks;

    /// <inheritdoc/>
    public override Tensor Head(Tensor hidden) => _head is null ? nn.functional.linear(hidden, _body.Tokens.Weight) : _head.call(hidden);

    internal override bool IsRedundant(string checkpointName) =>
        checkpointName.EndsWith(".attn.bias", StringComparison.Ordinal) || checkpointName.EndsWith(".attn.masked_bias", StringComparison.Ordinal)
        || checkpointName == "lm_head.weight" && Config.TieEmbeddings;

    internal override string NameHere(string checkpointName) =>
        checkpointName.StartsWith("transformer.", StringComparison.Ordinal) || checkpointName.StartsWith("lm_head.", StringComparison.Ordinal)
            ? checkpointName : $"transformer.{checkpointName}";

    private protected override Tensor Embed(Tensor tokens, Tensor positions)
    {
        var x = _body.Tokens.call(tokens).Plus(_body.Positions.call(positions));    // [B, T, C]
        return nn.functional.dropout(x, ((Gpt2Config)Config).EmbeddingDropout, training);
    }

    private protected override Tensor Norm(Tensor hidden) => _body.Norm.call(hidden);

    private protected override AttentionContext Context(Tensor positions, long length, ScalarType type) => new();

    // The residual stream sums 2 · layers projections; their deviations shrink so that the sum does not grow.
    private protected override double InitialDeviation(string parameterName) =>
        parameterName.EndsWith(".c_proj.weight", StringComparison.Ordinal) ? Config.InitializerRange / Math.Sqrt(2 * Config.LayerCount) : Config.InitializerRange;
}
