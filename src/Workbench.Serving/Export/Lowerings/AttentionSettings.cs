using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>
/// How many heads an attention has and which activation follows it. TorchSharp keeps both in native code without a way to
/// read them: the module is asked about a small input, and the settings whose formula gives its answer are taken.
/// </summary>
/// <param name="Heads">Number of heads.</param>
/// <param name="IsGelu">GELU in place of ReLU.</param>
internal sealed record AttentionSettings(long Heads, bool IsGelu)
{
    /// <summary>Largest difference of an answer that counts as the same; float32 sums in another order differ by some 1e-6.</summary>
    private const double Same = 1e-4;

    /// <summary>Settings of one or several encoder layers of one shape.</summary>
    public static AttentionSettings Of(OnnxGraph graph, Dictionary<string, Tensor> weights, IReadOnlyList<string> layers, Func<Tensor, Tensor> ask)
    {
        using var gradients = no_grad();
        long width = weights[$"{layers[0]}norm1.weight"].shape[0];
        var x = Sample(width, weights[$"{layers[0]}norm1.weight"]);
        var candidates = Divisors(width).SelectMany(heads => new[] { new AttentionSettings(heads, false), new AttentionSettings(heads, true) });
        return Best(graph, candidates, ask(x), settings => layers.Aggregate(x, (value, layer) => Layer(value, weights, layer, settings)));
    }

    /// <summary>Heads of an attention alone.</summary>
    public static long HeadsOf(OnnxGraph graph, MultiheadAttention module, Dictionary<string, Tensor> weights)
    {
        using var gradients = no_grad();
        var parts = Projections(weights, "");
        var inputs = parts.Select(part => Sample(part.Weight.shape[1], part.Weight)).ToArray();
        var actual = module.call(inputs[0], inputs[1], inputs[2]).Item1;
        var candidates = Divisors(parts[0].Weight.shape[0]).Select(heads => new AttentionSettings(heads, false));
        return Best(graph, candidates, actual, settings => Attend(inputs, weights, "", settings.Heads)).Heads;
    }

    /// <summary>Weight and bias of query, key and value, which are stored as one where their widths are equal.</summary>
    public static (Tensor Weight, Tensor? Bias)[] Projections(Dictionary<string, Tensor> weights, string prefix)
    {
        var parts = weights.TryGetValue($"{prefix}in_proj_weight", out var joined)
            ? joined.chunk(3, 0)
            : [weights[$"{prefix}q_proj_weight"], weights[$"{prefix}k_proj_weight"], weights[$"{prefix}v_proj_weight"]];
        var biases = weights.TryGetValue($"{prefix}in_proj_bias", out var bias) ? bias.chunk(3, 0) : null;
        return [.. parts.Select((part, index) => (part, biases?[index]))];
    }

    private static AttentionSettings Best(OnnxGraph graph, IEnumerable<AttentionSettings> candidates, Tensor actual, Func<AttentionSettings, Tensor> formula)
    {
        double scale = Math.Max(1, actual.abs().max().item<float>());
        var (settings, difference) = candidates.Select(candidate => (candidate, (formula(candidate) - actual).abs().max().item<float>())).MinBy(pair => pair.Item2);
        return difference <= Same * scale
            ? settings
            : throw graph.Refusal(
                FormattableString.Invariant($"no number of heads and no activation of ReLU and GELU explains its answers (nearest: {settings.Heads} heads, off by {difference:G3})"),
                "Build it without add_zero_attn, or write the attention as a module of your own");
    }

    private static Tensor Layer(Tensor x, Dictionary<string, Tensor> weights, string prefix, AttentionSettings settings)
    {
        x = Norm(x.Plus(Attend([x, x, x], weights, $"{prefix}self_attn.", settings.Heads)), weights, $"{prefix}norm1");
        var wide = nn.functional.linear(x, weights[$"{prefix}linear1.weight"], weights[$"{prefix}linear1.bias"]);
        var narrow = nn.functional.linear(settings.IsGelu ? nn.functional.gelu(wide) : wide.relu(), weights[$"{prefix}linear2.weight"], weights[$"{prefix}linear2.bias"]);
        return Norm(x.Plus(narrow), weights, $"{prefix}norm2");
    }

    private static Tensor Attend(Tensor[] inputs, Dictionary<string, Tensor> weights, string prefix, long heads)
    {
        long length = inputs[0].shape[0], batch = inputs[0].shape[1];
        var parts = Projections(weights, prefix).Zip(inputs, (part, x) =>
            nn.functional.linear(x, part.Weight, part.Bias).reshape(length, batch, heads, -1).permute(1, 2, 0, 3)).ToArray();   // [B, H, T, d]
        var attended = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return nn.functional.linear(
            attended.permute(2, 0, 1, 3).reshape(length, batch, -1), weights[$"{prefix}out_proj.weight"], weights.GetValueOrDefault($"{prefix}out_proj.bias"));
    }

    private static Tensor Norm(Tensor x, Dictionary<string, Tensor> weights, string name) =>
        nn.functional.layer_norm(x, [x.shape[2]], weights[$"{name}.weight"], weights[$"{name}.bias"]);

    // [5, 1, width], and never the same twice: positions must differ for attention to matter.
    private static Tensor Sample(long width, Tensor like) =>
        TensorArithmetic.Range(0, 5 * width, like.dtype, like.device).Times(1.7).sin().reshape(5, 1, width).Times(2);

    private static IEnumerable<long> Divisors(long width) => Enumerable.Range(1, (int)width).Select(number => (long)number).Where(number => width % number == 0);
}
