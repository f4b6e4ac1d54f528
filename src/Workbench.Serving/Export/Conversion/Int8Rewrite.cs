using System.Runtime.InteropServices;
using Google.Protobuf;
using Workbench.Serving.Export.Proto;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export.Conversion;

/// <summary>
/// Dynamic quantisation. x · W becomes DynamicQuantizeLinear(x) · q in whole numbers, times the scale of x and of each
/// column of W; W = (q - 128) · scale with q from 1 to 255, the scale the column's largest magnitude / 127. Both sides are
/// without sign: with one signed, older x86 processors saturate sums of pairs. Embedding tables get a scale a row.
/// https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html, onnx__MatMulInteger.html
/// </summary>
internal sealed class Int8Rewrite(GraphProto graph)
{
    private const byte ZeroPoint = 128;

    /// <summary>Tables smaller than this are not worth the nodes that read them.</summary>
    private const int SmallTable = 1024;

    private readonly Dictionary<string, TensorProto> _weights = graph.Initializer.Where(weight => weight.DataType == (int)DataType.Float && weight.Dims.Count == 2).ToDictionary(weight => weight.Name);
    private readonly Dictionary<string, string> _transposed = graph.Node.Where(node => node.OpType == "Transpose").ToDictionary(node => node.Output[0], node => node.Input[0]);
    private readonly Dictionary<(string Weight, int Axis), (string Values, string Scales)> _quantised = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _inputs = [];
    private readonly List<NodeProto> _nodes = [];
    private int _made;

    /// <summary>Rewrites the graph; returns how many weights were converted.</summary>
    public int Apply()
    {
        foreach (var node in graph.Node)
        {
            if (Product(node) is { } product)
                Multiply(node, product.Weight, product.IsTransposed);
            else if (node.OpType == "Gather" && _weights.TryGetValue(node.Input[0], out var table) && table.Dims[0] * table.Dims[1] >= SmallTable && Axis(node) == 0)
                Look(node);
            else
                _nodes.Add(node);
        }
        graph.Node.Clear();
        graph.Node.AddRange(_nodes);
        GraphPruning.Apply(graph);
        return _quantised.Count;
    }

    // The weight [K, N] of a matrix product, or [N, K] where it is transposed; null where there is none.
    private (string Weight, bool IsTransposed)? Product(NodeProto node)
    {
        if (node.OpType == "MatMul")
            return _weights.ContainsKey(node.Input[1]) ? (node.Input[1], false)
                : _transposed.TryGetValue(node.Input[1], out string? table) && _weights.ContainsKey(table) ? (table, true) : null;
        if (node.OpType != "Gemm" || !_weights.ContainsKey(node.Input[1]))
            return null;
        bool Is(string name, float value) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name) is { } attribute && (attribute.F != value || attribute.I != 0);
        return Is("alpha", 1) || Is("beta", 1) || Is("transA", 0) ? null : (node.Input[1], node.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 }));
    }

    private void Multiply(NodeProto node, string weight, bool isTransposed)
    {
        var (values, scales) = Quantised(weight, isTransposed ? 0 : 1);
        if (!_inputs.TryGetValue(node.Input[0], out var input))
            _inputs[node.Input[0]] = input = Add("DynamicQuantizeLinear", 3, [node.Input[0]]);     // values, scale, zero point
        string columns = isTransposed ? Add("Transpose", [values], new AttributeProto { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 1, 0 } }) : values;
        string product = Add("MatMulInteger", [input[0], columns, input[2], Zero()]);
        string scaled = Add("Mul", [Add("Cast", [product], To(DataType.Float)), Add("Mul", [input[1], scales])]);
        _nodes.Add(node.OpType == "Gemm" && node.Input.Count == 3
            ? new NodeProto { OpType = "Add", Name = node.Name, Input = { scaled, node.Input[2] }, Output = { node.Output } }
            : new NodeProto { OpType = "Identity", Name = node.Name, Input = { scaled }, Output = { node.Output } });
    }

    private void Look(NodeProto node)
    {
        var (values, scales) = Quantised(node.Input[0], 0);
        string rows = Add("Sub", [Add("Cast", [Add("Gather", [values, node.Input[1]])], To(DataType.Float)), Constant("zero_point.float", [(float)ZeroPoint])]);
        string scale = Add("Unsqueeze", [Add("Gather", [scales, node.Input[1]]), Constant("last_axis", -1L)]);
        _nodes.Add(new NodeProto { OpType = "Mul", Name = node.Name, Input = { rows, scale }, Output = { node.Output } });
    }

    // A scale for each place along the axis.
    private (string Values, string Scales) Quantised(string name, int axis)
    {
        if (_quantised.TryGetValue((name, axis), out var known))
            return known;
        var weight = _weights[name];
        int rows = (int)weight.Dims[0], columns = (int)weight.Dims[1];
        var source = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        var scales = new float[axis == 0 ? rows : columns];
        for (int index = 0; index < source.Length; index++)
            if (Math.Abs(source[index]) is var size && size > scales[Place(index)])
                scales[Place(index)] = size;
        for (int place = 0; place < scales.Length; place++)
            scales[place] = scales[place] > 0 ? scales[place] / (ZeroPoint - 1) : 1;
        var values = new byte[source.Length];
        for (int index = 0; index < source.Length; index++)
            values[index] = (byte)Math.Clamp(MathF.Round(source[index] / scales[Place(index)]) + ZeroPoint, 1, byte.MaxValue);
        int Place(int index) => axis == 0 ? index / columns : index % columns;

        string suffix = axis == 0 ? "rows" : "columns";
        graph.Initializer.Add(new TensorProto { Name = $"{name}.int8.{suffix}", DataType = (int)DataType.Uint8, Dims = { weight.Dims }, RawData = UnsafeByteOperations.UnsafeWrap(values) });
        string scaleName = Constant($"{name}.scale.{suffix}", scales, scales.Length);
        return _quantised[(name, axis)] = ($"{name}.int8.{suffix}", scaleName);
    }

    private string Zero()
    {
        if (graph.Initializer.All(weight => weight.Name != "/zero_point"))
            graph.Initializer.Add(new TensorProto { Name = "/zero_point", DataType = (int)DataType.Uint8, RawData = ByteString.CopyFrom(ZeroPoint) });
        return "/zero_point";
    }

    private string Constant(string name, float[] values, params long[] shape) => Constant(name, DataType.Float, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), shape);

    private string Constant(string name, long value) => Constant(name, DataType.Int64, BitConverter.GetBytes(value), [1]);

    private string Constant(string name, DataType type, byte[] data, long[] shape)
    {
        string unique = name[0] == '/' ? name : $"/int8.{name}";
        if (graph.Initializer.All(weight => weight.Name != unique))
            graph.Initializer.Add(new TensorProto { Name = unique, DataType = (int)type, Dims = { shape }, RawData = UnsafeByteOperations.UnsafeWrap(data) });
        return unique;
    }

    private string Add(string operation, string[] inputs, params AttributeProto[] attributes) => Add(operation, 1, inputs, attributes)[0];

    private IReadOnlyList<string> Add(string operation, int outputs, string[] inputs, params AttributeProto[] attributes)
    {
        string name = $"/int8/{operation}_{_made++}";
        var node = new NodeProto { OpType = operation, Name = name, Input = { inputs }, Attribute = { attributes } };
        node.Output.AddRange(outputs == 1 ? [name] : Enumerable.Range(0, outputs).Select(index => $"{name}.{index}"));
        _nodes.Add(node);
        return node.Output;
    }

    private static AttributeProto To(DataType type) => new() { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)type };

    private static long Axis(NodeProto node) => node.Attribute.FirstOrDefault(attribute => attribute.Name == "axis")?.I ?? 0;
}
