using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>Llama, Qwen2 and Mistral with the parameter names of Hugging Face's LlamaForCausalLM.</summary>
public sealed class LlamaModel : CausalLanguageModel
{
    [ComponentName(Name = "model")]
    private readonly LlamaBody _body;
    [ComponentName(Name = "lm_head")]
    private readonly Projection? _head;
    private readonly LlamaConfig _config;

    internal LlamaModel(LlamaConfig config, ScalarType type, Device device) : base(config)
    {
        _config = config;
        _body = new(config, type, device);
        _head = config.TieEmbeddings ? null : new(config.HiddenSize, config.VocabularySize, bias: false, isInputFirst: false, type, device);
        RegisterComponents();
    }

    private protected override IEnumerable<nn.Module<Tensor, AttentionContext, Tensor>> Blocks => _body.Blocks;

    private protected override int SlidingWindow => _config.SlidingWindow ?? int.MaxValue;

    /// <inheritdoc/>
    public override Tensor Head(Tensor hidden) => _head is null ? nn.functional.linear(hidden, _body.Tokens.Weight) : _head.call(hidden);

    internal override bool IsRedundant(string checkpointName) =>
        checkpointName.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || checkpointName == "lm_head.weight" && Config.TieEmbeddings;

    internal override string NameHere(string checkpointName) =>
        checkpointName.StartsWith("model.", StringComparison.Ordinal) || checkpointName.StartsWith("lm_head.", StringComparison.Ordinal)
            ? checkpointName : $"model.{checkpointName}";

    private protected override Tensor Embed(Tensor tokens, Tensor positions) => _body.Tokens.call(tokens);

    private protected override Tensor Norm(Tensor hidden) => _body.Norm.call(hidden);

    private protected override AttentionContext Context(Tensor positions, long length, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var frequencies = tensor(_config.Rotary.Frequencies(_config.HeadSize, _config.ContextLength, length), device: positions.device);   // [D / 2]
        var angles = positions.to_type(ScalarType.Float32).unsqueeze(-1) * frequencies;    // [.., T, D / 2]
        angles = cat([angles, angles], -1);                                               // [.., T, D]
        if (positions.dim() == 2)
            angles = angles.unsqueeze(1);                                                 // [B, 1, T, D]
        return new()
        {
            Cosines = angles.cos().to_type(type).MoveToOuterDisposeScope(),
            Sines = angles.sin().to_type(type).MoveToOuterDisposeScope(),
        };
    }
}
