using TorchSharp.Utils;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>GPT-2's attention: one projection gives queries, keys and values.</summary>
internal sealed class Gpt2Attention : nn.Module<Tensor, AttentionContext, Tensor>
{
    [ComponentName(Name = "c_attn")]
    private readonly Projection _input;
    [ComponentName(Name = "c_proj")]
    private readonly Projection _output;
    private readonly Gpt2Config _config;
    private readonly int _layer;
    private readonly double _queryScale;

    public Gpt2Attention(Gpt2Config config, int layer, ScalarType type, Device device) : base(nameof(Gpt2Attention))
    {
        (_config, _layer) = (config, layer);
        _input = new(config.HiddenSize, 3 * config.HiddenSize, bias: true, isInputFirst: true, type, device);
        _output = new(config.HiddenSize, config.HiddenSize, bias: true, isInputFirst: true, type, device);
        // SDPA divides by √D; the queries carry what the configuration wants beside that.
        _queryScale = (config.ScaleAttention ? 1 : Math.Sqrt(config.HiddenSize / (double)config.HeadCount)) / (config.ScaleAttentionByLayer ? layer + 1 : 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        var parts = _input.call(x).chunk(3, -1);                                    // 3 x [B, T, C]
        var q = Attention.Split(_queryScale == 1 ? parts[0] : parts[0].Times(_queryScale), _config.HeadCount);   // [B, H, T, D]
        var k = Attention.Split(parts[1], _config.HeadCount);
        var v = Attention.Split(parts[2], _config.HeadCount);
        var y = Attention.Attend(q, k, v, _layer, isWindowed: false, training ? _config.AttentionDropout : 0, context);        // [B, T, C]
        return nn.functional.dropout(_output.call(y), _config.ResidualDropout, training);
    }
}
