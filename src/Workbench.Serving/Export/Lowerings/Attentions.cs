using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>
/// TorchSharp's attention and transformer encoder, whose sequences are [T, B, E]: T time, B batch, E width. They run in
/// native code that does not show the number of heads or the activation; <see cref="AttentionSettings"/> finds them.
/// </summary>
internal static class Attentions
{
    /// <summary>query, key, value, and a key padding mask and an attention mask or none; gives output and mean weights.</summary>
    public static IReadOnlyList<string> Multihead(OnnxGraph graph, nn.Module module, IReadOnlyList<string> inputs)
    {
        using var scope = NewDisposeScope();
        if (inputs.Count is < 3 or > 5)
            throw graph.Refusal($"MultiheadAttention takes query, key, value and two masks or fewer; it was given {inputs.Count} inputs", "Lower it with three to five");
        var weights = Weights(module);
        if (weights.ContainsKey("bias_k"))
            throw graph.Refusal("MultiheadAttention with add_bias_kv", "Build it without");
        long heads = AttentionSettings.HeadsOf(graph, (MultiheadAttention)module, weights);
        var (output, attention) = Attend(graph, weights, "", heads, inputs[0], inputs[1], inputs[2], inputs.ElementAtOrDefault(4), inputs.ElementAtOrDefault(3));
        return [output, graph.Mean(attention, keep: false, 1)];
    }

    /// <summary>The sequence, and an attention mask and a key padding mask or none.</summary>
    public static IReadOnlyList<string> EncoderLayer(OnnxGraph graph, nn.Module module, IReadOnlyList<string> inputs)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(module);
        var settings = AttentionSettings.Of(graph, weights, [""], x => ((TransformerEncoderLayer)module).call(x));
        return [Layer(graph, weights, "", settings, inputs)];
    }

    /// <summary>The sequence, and an attention mask and a key padding mask or none.</summary>
    public static IReadOnlyList<string> Encoder(OnnxGraph graph, nn.Module module, IReadOnlyList<string> inputs)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(module);
        string[] layers = [.. Enumerable.Range(0, weights.Keys.Count(name => name.EndsWith(".linear1.weight", StringComparison.Ordinal))).Select(layer => $"layers.{layer}.")];
        var settings = AttentionSettings.Of(graph, weights, layers, x => ((TransformerEncoder)module).call(x));
        return [layers.Aggregate(inputs[0], (x, layer) => Layer(graph, weights, layer, settings, [x, .. inputs.Skip(1)]))];
    }

    // Normalised after each addition: https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html, norm_first = False
    private static string Layer(OnnxGraph graph, Dictionary<string, Tensor> weights, string prefix, AttentionSettings settings, IReadOnlyList<string> inputs)
    {
        string x = inputs[0];
        string attended = Attend(graph, weights, $"{prefix}self_attn.", settings.Heads, x, x, x, inputs.ElementAtOrDefault(1), inputs.ElementAtOrDefault(2)).Output;
        x = Norm(graph, weights, $"{prefix}norm1", graph.Add(x, attended));
        string wide = Linear(graph, weights, $"{prefix}linear1", x);
        string narrow = Linear(graph, weights, $"{prefix}linear2", settings.IsGelu ? graph.Gelu(wide) : graph.Node("Relu", [wide]));
        return Norm(graph, weights, $"{prefix}norm2", graph.Add(x, narrow));
    }

    private static (string Output, string Attention) Attend(
        OnnxGraph graph, Dictionary<string, Tensor> weights, string prefix, long heads, string query, string key, string value, string? mask, string? padding)
    {
        long width = weights[$"{prefix}out_proj.weight"].shape[0], head = width / heads;
        var parts = AttentionSettings.Projections(weights, prefix);
        string[] projected = [.. new[] { query, key, value }.Select((x, part) => Heads(graph, graph.Linear(x, OnnxGraph.Join(graph.Path, $"{prefix}in_proj.{"qkv"[part]}"), parts[part].Weight, parts[part].Bias), heads, head))];
        string scores = graph.MatMul(graph.Multiply(projected[0], (float)(1 / Math.Sqrt(head))), graph.Transpose(projected[1], 0, 1, 3, 2));   // [B, H, T, S]
        if (mask is not null)
            scores = graph.Add(scores, graph.IsBool(mask) ? graph.AdditiveMask(graph.Node("Not", [mask])) : mask);   // true is hidden
        if (padding is not null)
            scores = graph.Add(scores, graph.AdditiveMask(graph.Node("Not", [graph.Unsqueeze(padding, 1, 2)])));                          // [B, S] -> [B, 1, 1, S]
        string attention = graph.Softmax(scores);
        string merged = graph.Reshape(graph.Transpose(graph.MatMul(attention, projected[2]), 2, 0, 1, 3), 0, 0, width);                       // [T, B, E]
        return (Linear(graph, weights, $"{prefix}out_proj", merged), attention);
    }

    // [T, B, H · d] -> [B, H, T, d]
    private static string Heads(OnnxGraph graph, string x, long heads, long width) => graph.Transpose(graph.Reshape(x, 0, 0, heads, width), 1, 2, 0, 3);

    private static string Linear(OnnxGraph graph, Dictionary<string, Tensor> weights, string name, string x) =>
        graph.Linear(x, OnnxGraph.Join(graph.Path, name), weights[$"{name}.weight"], weights.GetValueOrDefault($"{name}.bias"));

    // libtorch builds these norms with its default ε.
    private static string Norm(OnnxGraph graph, Dictionary<string, Tensor> weights, string name, string x) =>
        graph.LayerNorm(x, 1, graph.OwnWeight($"{name}.weight", weights[$"{name}.weight"]), graph.OwnWeight($"{name}.bias", weights[$"{name}.bias"]), 1e-5);

    private static Dictionary<string, Tensor> Weights(nn.Module module) =>
        module.named_parameters().ToDictionary(weight => weight.name, weight => weight.parameter.detach());
}
