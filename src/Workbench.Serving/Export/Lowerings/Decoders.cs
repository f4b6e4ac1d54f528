using TorchSharp;
using Workbench.LanguageModels;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>
/// GPT-2 and the Llama family, from the weights by their Hugging Face names: token ids [B, T] to logits [B, T, V], causal
/// over the whole sequence. B batch, T time, C hidden size, H heads, G key heads, D width of a head.
/// </summary>
internal static class Decoders
{
    public static string Projection(OnnxGraph graph, Projection module, string x)
    {
        if (module.Adapter is not null)
            throw graph.Refusal("the projection has an adapter", "Merge the adapter into the weights, then export");
        if (!module.IsInputFirst)
            return graph.Linear(x, graph.Path, module.Weight, module.Bias);
        string product = graph.MatMul(x, graph.OwnWeight("weight", module.Weight));
        return module.Bias is { } bias ? graph.Add(product, graph.OwnWeight("bias", bias)) : product;
    }

    public static string Gpt2(OnnxGraph graph, Gpt2Model module, string ids)
    {
        var config = (Gpt2Config)module.Config;
        var network = new Decoder(graph, module);
        int width = config.HiddenSize / config.HeadCount;
        string x = graph.Add(graph.Gather(network.Weight("transformer.wte"), ids), graph.Gather(network.Weight("transformer.wpe"), graph.Positions(ids, 1)));   // [B, T, C]
        string mask = graph.CausalMask(ids, 1);
        string Norm(string name, string value) => graph.LayerNorm(value, 1, network.Weight(name), network.Weight(name, "bias"), config.NormEpsilon);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            string path = $"transformer.h.{layer}";
            string[] parts = [.. graph.Split(network.Project($"{path}.attn.c_attn", Norm($"{path}.ln_1", x)), 3, -1).Select(part => graph.SplitHeads(part, config.HeadCount, width))];
            double scale = (config.ScaleAttention ? 1 / Math.Sqrt(width) : 1) / (config.ScaleAttentionByLayer ? layer + 1 : 1);
            string attended = graph.MergeHeads(graph.Attention(parts[0], parts[1], parts[2], width, mask, scale), config.HeadCount, width);
            x = graph.Add(x, network.Project($"{path}.attn.c_proj", attended));
            string wide = Activation(graph, config.Activation, network.Project($"{path}.mlp.c_fc", Norm($"{path}.ln_2", x)));
            x = graph.Add(x, network.Project($"{path}.mlp.c_proj", wide));
        }
        return network.Head(Norm("transformer.ln_f", x), "transformer.wte");
    }

    public static string Llama(OnnxGraph graph, LlamaModel module, string ids)
    {
        var config = (LlamaConfig)module.Config;
        var network = new Decoder(graph, module);
        string x = graph.Gather(network.Weight("model.embed_tokens"), ids);                                              // [B, T, C]
        var tables = Tables(graph, config, ids);
        string Norm(string name, string value) => graph.RmsNorm(value, network.Weight(name), config.NormEpsilon);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            string path = $"model.layers.{layer}";
            string mask = graph.CausalMask(ids, 1, layer >= config.FirstWindowedLayer ? config.SlidingWindow : null);
            x = graph.Add(x, Attended(graph, network, config, $"{path}.self_attn", Norm($"{path}.input_layernorm", x), tables, mask));
            string normal = Norm($"{path}.post_attention_layernorm", x);
            string gate = Activation(graph, config.Activation, network.Project($"{path}.mlp.gate_proj", normal));
            x = graph.Add(x, network.Project($"{path}.mlp.down_proj", graph.Multiply(gate, network.Project($"{path}.mlp.up_proj", normal))));
        }
        return network.Head(Norm("model.norm", x), "model.embed_tokens");
    }

    private static string Attended(OnnxGraph graph, Decoder network, LlamaConfig config, string path, string x, (string Cosines, string Sines) tables, string mask)
    {
        int repeats = config.HeadCount / config.KeyValueHeadCount, width = config.HeadSize;
        string query = graph.Rotate(graph.SplitHeads(network.Project($"{path}.q_proj", x), config.HeadCount, width), tables, width);          // [B, H, T, D]
        string key = graph.Rotate(graph.SplitHeads(network.Project($"{path}.k_proj", x), config.KeyValueHeadCount, width), tables, width);    // [B, G, T, D]
        string value = graph.SplitHeads(network.Project($"{path}.v_proj", x), config.KeyValueHeadCount, width);
        string attended = graph.Attention(
            query, graph.RepeatHeads(key, config.KeyValueHeadCount, repeats, width), graph.RepeatHeads(value, config.KeyValueHeadCount, repeats, width), width, mask);
        return network.Project($"{path}.o_proj", graph.MergeHeads(attended, config.HeadCount, width));
    }

    private static (string Cosines, string Sines) Tables(OnnxGraph graph, LlamaConfig config, string ids)
    {
        var rotary = config.Rotary;
        string positions = graph.Positions(ids, 1);
        if (rotary.Kind != RotaryKind.Dynamic)
            return graph.RotaryTables(positions, rotary.Frequencies(config.HeadSize, config.ContextLength, 1));
        // The base grows with T beyond the original context: θ · max(1, factor · T / original - (factor - 1))^(D / (D - 2)).
        int original = rotary.OriginalContextLength ?? config.ContextLength;
        string length = graph.Cast(graph.Size(ids, 1), OnnxType.Float);
        string stretch = graph.Subtract(graph.Multiply(length, (float)(rotary.Factor / original)), graph.Scalar((float)(rotary.Factor - 1)));
        string grown = graph.Node("Pow", [graph.Node("Max", [stretch, graph.Scalar(1)]), graph.Scalar((float)(config.HeadSize / (config.HeadSize - 2.0)))]);
        float[] exponents = [.. Enumerable.Range(0, config.HeadSize / 2).Select(pair => -2f * pair / config.HeadSize)];
        string powers = graph.Constant("rotary.exponents", exponents, 1, exponents.Length);
        return graph.RotaryTables(positions, graph.Node("Pow", [graph.Multiply(grown, (float)rotary.Base), powers]));
    }

    private static string Activation(OnnxGraph graph, string name, string x) => name switch
    {
        "gelu" => graph.Gelu(x),
        "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" => graph.Gelu(x, tanh: true),
        "silu" or "swish" => graph.Silu(x),
        "relu" => graph.Node("Relu", [x]),
        "tanh" => graph.Node("Tanh", [x]),
        _ => throw graph.Refusal($"activation '{name}' has no nodes", "Known are gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, silu, swish, relu and tanh"),
    };

    /// <summary>A model's weights by name.</summary>
    private sealed class Decoder(OnnxGraph graph, CausalLanguageModel module)
    {
        private readonly IReadOnlyDictionary<string, Projection> _projections = module.Projections;
        private readonly Dictionary<string, torch.Tensor> _weights = module.named_parameters().ToDictionary(weight => weight.name, weight => (torch.Tensor)weight.parameter);

        public string Weight(string name, string part = "weight") => graph.OwnWeight($"{name}.{part}", _weights[$"{name}.{part}"]);

        public string Project(string name, string x) => graph.LowerAll(OnnxGraph.Join(graph.Path, name), _projections[name], [x])[0];

        // A tied head is the table of the embedding, stored once.
        public string Head(string x, string table) => _projections.ContainsKey("lm_head") ? Project("lm_head", x) : graph.MatMul(x, graph.Transpose(Weight(table), 1, 0));
    }
}
