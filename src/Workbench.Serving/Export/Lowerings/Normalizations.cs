using TorchSharp.Modules;
using Workbench.Distributed;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>Normalisations; what a module without learned weights lacks is one and zero.</summary>
internal static class Normalizations
{
    public static string Layer(OnnxGraph graph, LayerNorm module, string x)
    {
        string weight = module.weight is { } given ? graph.OwnWeight("weight", given) : Filled(graph, "ones", 1, [.. module.normalized_shape]);
        return graph.LayerNorm(x, module.normalized_shape.Length, weight, module.bias is { } bias ? graph.OwnWeight("bias", bias) : null, module.eps);
    }

    // https://onnx.ai/onnx/operators/onnx__BatchNormalization.html: (x - mean) / √(variance + ε) · weight + bias a channel
    public static string Batch(OnnxGraph graph, NormBase module, string x)
    {
        if (module.running_mean is not { } mean || module.running_var is not { } variance)
            throw graph.Refusal($"{module.GetType().Name} keeps no running statistics, so that one row's result depends on the others of its batch", "Build it with track_running_stats: true and train it");
        return graph.Node("BatchNormalization",
            [x, Weight(graph, module), Bias(graph, module), graph.OwnWeight("running_mean", mean), graph.OwnWeight("running_var", variance)],
            Attribute("epsilon", (float)module.eps));
    }

    // Ranks matter in training only.
    public static string Synchronised(OnnxGraph graph, SyncBatchNorm module, string x)
    {
        string weight = module.get_parameter("weight") is { } scale ? graph.OwnWeight("weight", scale) : Filled(graph, "ones", 1, module.Features);
        string bias = module.get_parameter("bias") is { } shift ? graph.OwnWeight("bias", shift) : Filled(graph, "zeros", 0, module.Features);
        return graph.Node("BatchNormalization",
            [x, weight, bias, graph.OwnWeight("running_mean", module.get_buffer("running_mean")!), graph.OwnWeight("running_var", module.get_buffer("running_var")!)],   // always has them
            Attribute("epsilon", (float)module.Epsilon));
    }

    public static string Instance(OnnxGraph graph, NormBase module, string x, int rank)
    {
        if (graph.Rank(x) is { } actual && actual != rank)
            throw graph.Refusal($"{module.GetType().Name} got {actual} dimensions; exported is the batched form with {rank}", "Give it a batch dimension");
        return module.running_mean is null
            ? graph.Node("InstanceNormalization", [x, Weight(graph, module), Bias(graph, module)], Attribute("epsilon", (float)module.eps))
            : Batch(graph, module, x);   // in evaluation the stored statistics are used
    }

    // Each group of channels normalised as if it were one channel, then a weight a channel.
    public static string Group(OnnxGraph graph, GroupNorm module, string x)
    {
        string grouped = graph.Reshape(x, 0, module.num_groups, -1);                                       // [B, G, C / G · ...]
        string normal = graph.Node("InstanceNormalization",
            [grouped, Filled(graph, "ones", 1, module.num_groups), Filled(graph, "zeros", 0, module.num_groups)], Attribute("epsilon", (float)module.eps));
        string shaped = graph.ReshapeTo(normal, graph.Shape(x));
        if (module.weight is not { } weight || module.bias is not { } bias)
            return shaped;
        int rank = graph.Rank(x) ?? throw graph.Refusal("GroupNorm with weights needs an input whose number of dimensions is known", "Build it with affine: false");
        long[] channels = [-1, .. Enumerable.Repeat(1L, rank - 2)];
        return graph.Add(
            graph.Multiply(shaped, graph.Reshape(graph.OwnWeight("weight", weight), channels)), graph.Reshape(graph.OwnWeight("bias", bias), channels));
    }

    // ONNX Runtime has this one for pictures only.
    public static string LocalResponse(OnnxGraph graph, LocalResponseNorm module, string x) => graph.Rank(x) is { } rank and not 4
        ? throw graph.Refusal($"LocalResponseNorm got {rank} dimensions; ONNX Runtime computes it for 4", "Give it [batch, channels, height, width]")
        : graph.Node("LRN", [x], Attribute("size", module.size), Attribute("alpha", (float)module.alpha), Attribute("beta", (float)module.beta), Attribute("bias", (float)module.k));

    private static string Weight(OnnxGraph graph, NormBase module) =>
        module.affine && module.weight is { } weight ? graph.OwnWeight("weight", weight) : Filled(graph, "ones", 1, module.num_features);

    private static string Bias(OnnxGraph graph, NormBase module) =>
        module.affine && module.bias is { } bias ? graph.OwnWeight("bias", bias) : Filled(graph, "zeros", 0, module.num_features);

    private static string Filled(OnnxGraph graph, string name, float value, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        values.AsSpan().Fill(value);
        return graph.Constant(name, values, shape);
    }
}
