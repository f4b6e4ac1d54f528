using TorchSharp.Modules;
using TorchSharp.Utils;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>x + attention(norm(x)), then x + feedForward(norm(x)).</summary>
internal sealed class Gpt2Block : nn.Module<Tensor, AttentionContext, Tensor>
{
    [ComponentName(Name = "ln_1")]
    private readonly LayerNorm _attentionNorm;
    [ComponentName(Name = "attn")]
    private readonly Gpt2Attention _attention;
    [ComponentName(Name = "ln_2")]
    private readonly LayerNorm _feedForwardNorm;
    [ComponentName(Name = "mlp")]
    private readonly Gpt2FeedForward _feedForward;

    public Gpt2Block(Gpt2Config config, int layer, ScalarType type, Device device) : base(nameof(Gpt2Block))
    {
        _attentionNorm = nn.LayerNorm(config.HiddenSize, config.NormEpsilon, device: device, dtype: type);
        _attention = new(config, layer, type, device);
        _feedForwardNorm = nn.LayerNorm(config.HiddenSize, config.NormEpsilon, device: device, dtype: type);
        _feedForward = new(config, type, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        x = x.Plus(_attention.call(_attentionNorm.call(x), context));               // [B, T, C]
        return x.Plus(_feedForward.call(_feedForwardNorm.call(x)));
    }
}
