using TorchSharp.Utils;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>x + attention(norm(x)), then x + feedForward(norm(x)).</summary>
internal sealed class LlamaBlock : nn.Module<Tensor, AttentionContext, Tensor>
{
    [ComponentName(Name = "input_layernorm")]
    private readonly RootMeanSquareNorm _attentionNorm;
    [ComponentName(Name = "self_attn")]
    private readonly LlamaAttention _attention;
    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RootMeanSquareNorm _feedForwardNorm;
    [ComponentName(Name = "mlp")]
    private readonly LlamaFeedForward _feedForward;

    public LlamaBlock(LlamaConfig config, int layer, ScalarType type, Device device) : base(nameof(LlamaBlock))
    {
        _attentionNorm = new(config.HiddenSize, config.NormEpsilon, type, device);
        _attention = new(config, layer, type, device);
        _feedForwardNorm = new(config.HiddenSize, config.NormEpsilon, type, device);
        _feedForward = new(config, type, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        x = x.Plus(_attention.call(_attentionNorm.call(x), context));               // [B, T, C]
        return x.Plus(_feedForward.call(_feedForwardNorm.call(x)));
    }
}
