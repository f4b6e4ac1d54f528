using TorchSharp.Modules;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>Activations that are more than one node of their own name; formulas as in PyTorch's documentation of each.</summary>
internal static class Activations
{
    public static string Leaky(OnnxGraph graph, string x, double slope) => graph.Node("LeakyRelu", [x], Attribute("alpha", (float)slope));

    // One slope a channel: ONNX broadcasts from the last dimension, PyTorch's channels are the second.
    public static string Parametric(OnnxGraph graph, PReLU module, string x)
    {
        string slope = graph.OwnWeight("weight", module.weight);
        if (module.weight.numel() > 1)
        {
            int rank = graph.Rank(x) ?? throw graph.Refusal("PReLU with a slope a channel needs an input whose number of dimensions is known", "Use one slope (num_parameters: 1)");
            slope = graph.Reshape(slope, [-1, .. Enumerable.Repeat(1L, rank - 2)]);
        }
        return graph.Node("PRelu", [x, slope]);
    }

    public static string Mish(OnnxGraph graph, Mish module, string x) =>
        graph.Opset >= 18 ? graph.Node("Mish", [x]) : graph.Multiply(x, graph.Node("Tanh", [graph.Node("Softplus", [x])]));

    // log(1 + e^(βx)) / β, and x itself above the threshold.
    public static string Softplus(OnnxGraph graph, Softplus module, string x)
    {
        string scaled = module.beta == 1 ? x : graph.Multiply(x, (float)module.beta);
        string soft = graph.Node("Softplus", [scaled]);
        if (module.beta != 1)
            soft = graph.Multiply(soft, (float)(1 / module.beta));
        return graph.Where(graph.Node("Greater", [scaled, graph.Scalar((float)module.threshold)]), x, soft);
    }

    // min(max(x / 6 + 1 / 2, 0), 1)
    public static string HardSigmoid(OnnxGraph graph, string x) => graph.Node("HardSigmoid", [x], Attribute("alpha", 1f / 6), Attribute("beta", 0.5f));

    public static string Shrink(OnnxGraph graph, string x, double lambda, double bias) =>
        graph.Node("Shrink", [x], Attribute("lambd", (float)lambda), Attribute("bias", (float)bias));

    public static string Threshold(OnnxGraph graph, Threshold module, string x) =>
        graph.Where(graph.Node("Greater", [x, graph.Scalar((float)module.threshold)]), x, graph.Scalar((float)module.value));

    // The first half times the sigmoid of the second.
    public static string Gated(OnnxGraph graph, GLU module, string x)
    {
        var halves = graph.Split(x, 2, module.dim);
        return graph.Multiply(halves[0], graph.Sigmoid(halves[1]));
    }
}
