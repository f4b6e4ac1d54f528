using TorchSharp;
using TorchSharp.Modules;
using Workbench.Data;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export;

/// <summary>How each kind of TorchSharp module becomes ONNX nodes. One line a kind; a new kind needs nothing else.</summary>
internal static class ModuleLowering
{
    private delegate string Lowering(OnnxGraph graph, string path, torch.nn.Module module, string input);

    private static readonly Dictionary<Type, Lowering> Known = new()
    {
        [typeof(Sequential)] = (graph, path, module, input) =>
            module.named_children().Aggregate(input, (value, child) => Lower(graph, $"{path}.{child.name}", child.module, value)),
        [typeof(Linear)] = (graph, path, module, input) => Linear(graph, path, (Linear)module, input),
        [typeof(LayerNorm)] = (graph, path, module, input) => LayerNorm(graph, path, (LayerNorm)module, input),
        [typeof(Embedding)] = (graph, path, module, input) =>
            graph.Node("Gather", [Weight(graph, $"{path}.weight", ((Embedding)module).weight!), input], Attribute("axis", 0)),   // always has a weight
        [typeof(ReLU)] = (graph, path, module, input) => graph.Node("Relu", [input]),
        [typeof(Dropout)] = (graph, path, module, input) => input,   // does nothing in evaluation
    };

    /// <summary>Adds a module's nodes and returns the value it computes from <paramref name="input"/>.</summary>
    /// <param name="graph">Where the nodes go.</param>
    /// <param name="path">The module's path in its network, such as <c>layers.0</c>; names the weights.</param>
    /// <param name="module">The module, in evaluation mode.</param>
    /// <param name="input">Name of the input value.</param>
    /// <exception cref="DataException">A module's kind is not known; names its path.</exception>
    public static string Lower(OnnxGraph graph, string path, torch.nn.Module module, string input) =>
        Known.TryGetValue(module.GetType(), out var lowering)
            ? lowering(graph, path, module, input)
            : throw new DataException(
                $"Cannot export module '{path}' of type {module.GetType().Name} to ONNX. Known: {string.Join(", ", Known.Keys.Select(type => type.Name))}. Use one of them, or add its lowering to {nameof(ModuleLowering)}.");

    // Y = X · Wᵀ + b: https://onnx.ai/onnx/operators/onnx__Gemm.html
    private static string Linear(OnnxGraph graph, string path, Linear module, string input)
    {
        string weight = Weight(graph, $"{path}.weight", module.weight);
        return module.bias is { } bias
            ? graph.Node("Gemm", [input, weight, Weight(graph, $"{path}.bias", bias)], Attribute("transB", 1))
            : graph.Node("Gemm", [input, weight], Attribute("transB", 1));
    }

    // https://onnx.ai/onnx/operators/onnx__LayerNormalization.html, since opset 17
    private static string LayerNorm(OnnxGraph graph, string path, LayerNorm module, string input)
    {
        if (module.weight is not { } weight || module.bias is not { } bias)
            throw new DataException($"Cannot export module '{path}': a LayerNorm without weight and bias has no lowering. Build it with elementwise_affine.");
        return graph.Node("LayerNormalization", [input, Weight(graph, $"{path}.weight", weight), Weight(graph, $"{path}.bias", bias)],
            Attribute("axis", -1), Attribute("epsilon", (float)module.eps));
    }

    private static string Weight(OnnxGraph graph, string name, torch.Tensor weight)
    {
        using var scope = torch.NewDisposeScope();
        return graph.Constant(name, weight.detach().cpu().contiguous().data<float>().ToArray(), weight.shape);
    }
}
