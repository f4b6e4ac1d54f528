using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>Attention with rotary positions and grouped keys and values. H query heads, G key and value heads.</summary>
internal sealed class LlamaAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    [ComponentName(Name = "q_proj")]
    private readonly Projection _query;
    [ComponentName(Name = "k_proj")]
    private readonly Projection _key;
    [ComponentName(Name = "v_proj")]
    private readonly Projection _value;
    [ComponentName(Name = "o_proj")]
    private readonly Projection _output;
    private readonly LlamaConfig _config;
    private readonly int _layer;

    public LlamaAttention(LlamaConfig config, int layer, ScalarType type, Device device) : base(nameof(LlamaAttention))
    {
        (_config, _layer) = (config, layer);
        long queries = (long)config.HeadCount * config.HeadSize;
        long groups = (long)config.KeyValueHeadCount * config.HeadSize;
        _query = new(config.HiddenSize, queries, config.QueryKeyValueBias, isInputFirst: false, type, device);
        _key = new(config.HiddenSize, groups, config.QueryKeyValueBias, isInputFirst: false, type, device);
        _value = new(config.HiddenSize, groups, config.QueryKeyValueBias, isInputFirst: false, type, device);
        _output = new(queries, config.HiddenSize, config.OutputBias, isInputFirst: false, type, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        var q = Attention.Rotate(Attention.Split(_query.call(x), _config.HeadCount), context);              // [B, H, T, D]
        var k = Attention.Rotate(Attention.Split(_key.call(x), _config.KeyValueHeadCount), context);        // [B, G, T, D]
        var v = Attention.Split(_value.call(x), _config.KeyValueHeadCount);                                 // [B, G, T, D]
        double dropout = training ? _config.AttentionDropout : 0;
        return _output.call(Attention.Attend(q, k, v, _layer, _layer >= _config.FirstWindowedLayer, dropout, context));
    }
}
