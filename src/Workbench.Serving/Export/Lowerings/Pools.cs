using TorchSharp;
using TorchSharp.Modules;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>Pooling and resampling.</summary>
internal static class Pools
{
    // https://onnx.ai/onnx/operators/onnx__MaxPool.html
    public static string Max(OnnxGraph graph, string x, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil) => graph.Node("MaxPool", [x],
        [.. Window(kernel, stride, padding, ceil), Attribute("dilations", dilation ?? [.. kernel.Select(_ => 1L)])]);

    // https://onnx.ai/onnx/operators/onnx__AveragePool.html
    public static string Average(OnnxGraph graph, string x, long[] kernel, long[]? stride, long[]? padding, bool ceil, bool countsPadding, long? divisor)
    {
        if (divisor is not null && ceil)
            throw graph.Refusal("average pooling with both divisor_override and ceil_mode", "Use one of them");
        string mean = graph.Node("AveragePool", [x],
            [.. Window(kernel, stride, padding, ceil), Attribute("count_include_pad", countsPadding || divisor is not null ? 1 : 0)]);
        return divisor is { } given ? graph.Multiply(mean, (float)kernel.Aggregate(1L, (product, size) => product * size) / given) : mean;
    }

    public static string Global(OnnxGraph graph, string x, string operation, params long[] size) => size.All(one => one == 1)
        ? graph.Node(operation, [x])
        : throw graph.Refusal(
            $"adaptive pooling to {string.Join(" × ", size)} has no ONNX operator, whose windows do not depend on the input's size", "Pool to 1, or use MaxPool or AvgPool with a fixed window");

    // https://onnx.ai/onnx/operators/onnx__Resize.html
    public static string Upsample(OnnxGraph graph, Upsample module, string x)
    {
        string mode = module.mode switch { torch.UpsampleMode.Nearest => "nearest", torch.UpsampleMode.Bicubic => "cubic", _ => "linear" };
        OnnxAttribute[] attributes = mode == "nearest"
            ? [Attribute("mode", mode), Attribute("coordinate_transformation_mode", "asymmetric"), Attribute("nearest_mode", "floor")]
            : [Attribute("mode", mode), Attribute("coordinate_transformation_mode", module.align_corners == true ? "align_corners" : "pytorch_half_pixel"), Attribute("cubic_coeff_a", -0.75f)];
        if (module.size.Length > 0)
        {
            string sizes = graph.Concat(0, graph.Slice(graph.Shape(x), 0, 0, 2), graph.Integers(module.size.ToArray()));
            return graph.Node("Resize", [x, "", "", sizes], attributes);
        }
        float[] scales = [1, 1, .. module.scale_factor.ToArray().Select(scale => (float)scale)];
        return graph.Node("Resize", [x, "", graph.Constant("scales", scales, scales.Length)], attributes);
    }

    private static OnnxAttribute[] Window(long[] kernel, long[]? stride, long[]? padding, bool ceil)
    {
        long[] pads = padding ?? new long[kernel.Length];
        return
        [
            Attribute("kernel_shape", kernel), Attribute("strides", stride is { Length: > 0 } ? stride : kernel),
            Attribute("pads", [.. pads, .. pads]), Attribute("ceil_mode", ceil ? 1 : 0),
        ];
    }
}
