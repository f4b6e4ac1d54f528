using TorchSharp;
using TorchSharp.Modules;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>Convolutions and paddings. ONNX gives paddings as all beginnings, then all ends, first dimension first.</summary>
internal static class Convolutions
{
    // https://onnx.ai/onnx/operators/onnx__Conv.html
    public static string Lower(OnnxGraph graph, Convolution module, string x)
    {
        long[] pads = Pads(module);
        if (module.padding_mode != PaddingModes.Zeros)
            (x, pads) = (Pad(graph, x, module.kernel_size.Length, pads, module.padding_mode, 0), new long[pads.Length]);
        return graph.Node("Conv", Inputs(graph, module, x), Attributes(module, pads));
    }

    // https://onnx.ai/onnx/operators/onnx__ConvTranspose.html; TorchSharp takes the first output padding for every dimension.
    public static string Transposed(OnnxGraph graph, Convolution module, string x) => graph.Node("ConvTranspose", Inputs(graph, module, x),
    [
        .. Attributes(module, Pads(module)),
        Attribute("output_padding", Enumerable.Repeat(module.output_padding[0], module.kernel_size.Length)),
    ]);

    public static string ConstantPad(OnnxGraph graph, PadBase module, string x) => Pad(graph, x, module, PaddingModes.Constant);

    public static string ReflectionPad(OnnxGraph graph, PadBase module, string x) => Pad(graph, x, module, PaddingModes.Reflect);

    public static string ReplicationPad(OnnxGraph graph, PadBase module, string x) => Pad(graph, x, module, PaddingModes.Replicate);

    private static string[] Inputs(OnnxGraph graph, Convolution module, string x) => module.bias is { } bias
        ? [x, graph.OwnWeight("weight", module.weight), graph.OwnWeight("bias", bias)]
        : [x, graph.OwnWeight("weight", module.weight)];

    private static OnnxAttribute[] Attributes(Convolution module, long[] pads) =>
    [
        Attribute("kernel_shape", module.kernel_size), Attribute("strides", module.stride), Attribute("dilations", module.dilation),
        Attribute("group", module.groups), Attribute("pads", pads),
    ];

    // "Same" pads so that the size stays; the odd one goes to the end, as PyTorch has it.
    private static long[] Pads(Convolution module)
    {
        if (module.padding is { } given)
            return [.. given, .. given];
        if (module.padding_type != Padding.Same)
            return new long[2 * module.kernel_size.Length];
        long[] totals = [.. module.kernel_size.Zip(module.dilation, (kernel, dilation) => dilation * (kernel - 1))];
        return [.. totals.Select(total => total / 2), .. totals.Select(total => total - total / 2)];
    }

    // PyTorch lists paddings from the last dimension on: left, right, top, bottom, ...
    private static string Pad(OnnxGraph graph, string x, PadBase module, PaddingModes mode)
    {
        long[][] pairs = [.. module.padding.Chunk(2).Reverse()];
        return Pad(graph, x, pairs.Length, [.. pairs.Select(pair => pair[0]), .. pairs.Select(pair => pair[1])], mode, module.value);
    }

    // https://onnx.ai/onnx/operators/onnx__Pad.html
    private static string Pad(OnnxGraph graph, string x, int dimensions, long[] pads, PaddingModes mode, double value)
    {
        if (mode == PaddingModes.Circular)
            graph.Require(19, "Pad of mode wrap");
        var leading = Enumerable.Repeat(0L, (graph.Rank(x) ?? dimensions + 2) - dimensions).ToList();
        string all = graph.Integers([.. leading, .. pads[..dimensions], .. leading, .. pads[dimensions..]]);
        return mode switch
        {
            PaddingModes.Reflect => graph.Node("Pad", [x, all], Attribute("mode", "reflect")),
            PaddingModes.Replicate => graph.Node("Pad", [x, all], Attribute("mode", "edge")),
            PaddingModes.Circular => graph.Node("Pad", [x, all], Attribute("mode", "wrap")),
            _ => graph.Node("Pad", [x, all, graph.Scalar((float)value)], Attribute("mode", "constant")),
        };
    }
}
