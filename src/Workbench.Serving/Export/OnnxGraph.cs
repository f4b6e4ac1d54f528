using System.Runtime.InteropServices;
using Google.Protobuf;
using TorchSharp;
using Workbench.Data;
using Workbench.Serving.Export.Proto;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export;

/// <summary>
/// Builds an ONNX graph node by node. A value is known by its name; every method that adds nodes returns the name of what
/// they compute. Operators: https://onnx.ai/onnx/operators.
/// </summary>
public sealed partial class OnnxGraph
{
    /// <summary>Domain of the classical machine-learning operators.</summary>
    internal const string MachineLearning = "ai.onnx.ml";

    private readonly Dictionary<string, string> _constants = [];
    private readonly Dictionary<string, ByteString> _weights = [];
    private readonly HashSet<string> _names = [];
    private readonly OnnxRanks _ranks = new();
    private int _nodes;

    internal OnnxGraph(string name, int opset = OnnxExporter.Opset) => (Proto, Opset) = (new GraphProto { Name = name }, opset);

    /// <summary>Version of ONNX's own operator set that the file is for; an operator younger than it must not be used.</summary>
    public int Opset { get; }

    /// <summary>The message so far.</summary>
    internal GraphProto Proto { get; }

    /// <summary>A node with one output.</summary>
    /// <param name="operation">The operator, such as <c>Softmax</c>.</param>
    /// <param name="inputs">Names of its inputs; an empty name leaves an optional one out.</param>
    /// <param name="attributes">Its settings, from <see cref="Attribute(string, long)"/> and its siblings.</param>
    public string Node(string operation, IEnumerable<string> inputs, params IEnumerable<OnnxAttribute> attributes) =>
        Nodes("", operation, 1, inputs, attributes)[0];

    /// <summary>A node of another domain than ONNX's own, with one output.</summary>
    internal string Node(string domain, string operation, IEnumerable<string> inputs, params IEnumerable<OnnxAttribute> attributes) =>
        Nodes(domain, operation, 1, inputs, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    /// <param name="operation">The operator, such as <c>LSTM</c>.</param>
    /// <param name="outputs">How many outputs it has.</param>
    /// <param name="inputs">Names of its inputs; an empty name leaves an optional one out.</param>
    /// <param name="attributes">Its settings.</param>
    public IReadOnlyList<string> Nodes(string operation, int outputs, IEnumerable<string> inputs, params IEnumerable<OnnxAttribute> attributes) =>
        Nodes("", operation, outputs, inputs, attributes);

    /// <summary>A constant of float32.</summary>
    /// <param name="name">What it is, for readers of the file; a number is added when the name is taken.</param>
    /// <param name="values">Its elements, last dimension fastest.</param>
    /// <param name="shape">Its dimensions; none for a scalar.</param>
    public string Constant(string name, ReadOnlySpan<float> values, params IEnumerable<long> shape) =>
        Constant(name, DataType.Float, MemoryMarshal.AsBytes(values).ToArray(), [.. shape]);

    /// <summary>A constant of int64.</summary>
    /// <param name="name">What it is, for readers of the file; a number is added when the name is taken.</param>
    /// <param name="values">Its elements, last dimension fastest.</param>
    /// <param name="shape">Its dimensions; none for a scalar.</param>
    public string Constant(string name, ReadOnlySpan<long> values, params IEnumerable<long> shape) =>
        Constant(name, DataType.Int64, MemoryMarshal.AsBytes(values).ToArray(), [.. shape]);

    /// <summary>A float32 scalar; the same number twice is one constant.</summary>
    public string Scalar(float value) => Once(FormattableString.Invariant($"f{BitConverter.SingleToInt32Bits(value)}"), () => Constant("scalar", [value]));

    /// <summary>An int64 scalar; the same number twice is one constant.</summary>
    public string Integer(long value) => Once(FormattableString.Invariant($"i{value}"), () => Constant("integer", [value]));

    /// <summary>A list of int64, as shapes and axes are given; the same list twice is one constant.</summary>
    public string Integers(params IReadOnlyList<long> values) =>
        Once($"l{string.Join(',', values)}", () => Constant("integers", values.ToArray(), values.Count));

    /// <summary>A weight, stored under its name once however often it is used.</summary>
    /// <param name="name">Its name, for readers of the file: <c>{path of the module}.weight</c> is usual.</param>
    /// <param name="tensor">A float32, int64, int32 or bool tensor below 2 GB; it is copied.</param>
    /// <exception cref="DataException">Another type, too large, or the name stands for another tensor.</exception>
    public string Weight(string name, torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var plain = tensor.detach().cpu().contiguous();
        if (plain.numel() * plain.element_size() >= int.MaxValue)
            throw new DataException($"Weight '{name}' has {plain.numel() * plain.element_size():N0} bytes; one tensor of an ONNX file is exported up to 2,147,483,647. Split it into several modules.");
        var (type, bytes) = (ElementType(name, plain.dtype), plain.bytes.ToArray());
        if (_weights.TryGetValue(name, out var known))
            return known.Span.SequenceEqual(bytes)
                ? $"/{name}"
                : throw new DataException($"Two different tensors were both called weight '{name}'. Give each a name of its own, such as the module's path and '.weight'.");
        _weights.Add(name, UnsafeByteOperations.UnsafeWrap(bytes));
        return Constant(name, type, bytes, plain.shape);
    }

    /// <summary>Number of dimensions of a value, or null where it is not known.</summary>
    public int? Rank(string value) => _ranks.Of(value);

    /// <summary>A setting that is a whole number.</summary>
    public static OnnxAttribute Attribute(string name, long value) => OnnxAttribute.Of(name, value);

    /// <summary>A setting that is a number.</summary>
    public static OnnxAttribute Attribute(string name, float value) => OnnxAttribute.Of(name, value);

    /// <summary>A setting that is text.</summary>
    public static OnnxAttribute Attribute(string name, string value) => OnnxAttribute.Of(name, value);

    /// <summary>A setting that is a list of whole numbers.</summary>
    public static OnnxAttribute Attribute(string name, IEnumerable<long> values) => OnnxAttribute.Of(name, values);

    /// <summary>A setting that is a list of numbers.</summary>
    public static OnnxAttribute Attribute(string name, IEnumerable<float> values) => OnnxAttribute.Of(name, values);

    /// <summary>A setting that is a list of texts.</summary>
    public static OnnxAttribute Attribute(string name, IEnumerable<string> values) => OnnxAttribute.Of(name, values);

    /// <summary>A model input of one column, [batch × 1].</summary>
    internal string Column(string name, DataType type) => Input(name, (OnnxType)type, ["batch", 1]);

    /// <summary>A model input.</summary>
    internal string Input(string name, OnnxType type, IReadOnlyList<OnnxDimension> shape)
    {
        Proto.Input.Add(Value(name, type, shape));
        _names.Add(name);
        _ranks.Set(name, shape.Count);
        return name;
    }

    /// <summary>Names an existing value as a model output, [batch × columns].</summary>
    internal void Output(string value, string name, DataType type, int columns = 1) => Output(value, name, (OnnxType)type, ["batch", columns]);

    /// <summary>Names an existing value as a model output.</summary>
    internal void Output(string value, string name, OnnxType type, IReadOnlyList<OnnxDimension> shape)
    {
        Proto.Node.Add(new NodeProto { OpType = "Identity", Name = name, Input = { value }, Output = { name } });
        Proto.Output.Add(Value(name, type, shape));
    }

    internal IReadOnlyList<string> Nodes(string domain, string operation, int outputs, IEnumerable<string> inputs, IEnumerable<OnnxAttribute> attributes)
    {
        string name = $"/{operation}_{_nodes++}";
        var node = new NodeProto { OpType = operation, Name = name, Domain = domain, Input = { inputs } };
        node.Output.AddRange(outputs == 1 ? [name] : Enumerable.Range(0, outputs).Select(index => $"{name}.{index}"));
        node.Attribute.AddRange(attributes.Select(attribute => attribute.Proto));
        foreach (string input in node.Input)
            if (input.Length > 0 && !_names.Contains(input))
                throw new ArgumentException($"Node {operation} takes the value '{input}', which no input, constant or earlier node of the graph has made.", nameof(inputs));
        Proto.Node.Add(node);
        _names.UnionWith(node.Output);
        _ranks.Add(node);
        return node.Output;
    }

    private string Constant(string name, DataType type, byte[] data, long[] shape)
    {
        string unique = $"/{name}";   // a model input never begins so: see OnnxExporter
        for (int number = 1; !_names.Add(unique); number++)
            unique = $"/{name}_{number}";
        Proto.Initializer.Add(new TensorProto { Name = unique, DataType = (int)type, Dims = { shape }, RawData = UnsafeByteOperations.UnsafeWrap(data) });
        _ranks.Set(unique, shape.Length, shape is [var length] ? (int)length : null);
        return unique;
    }

    private string Once(string key, Func<string> make) => _constants.TryGetValue(key, out string? value) ? value : _constants[key] = make();

    private static DataType ElementType(string name, torch.ScalarType type) => type switch
    {
        torch.ScalarType.Float32 => DataType.Float,
        torch.ScalarType.Int64 => DataType.Int64,
        torch.ScalarType.Int32 => DataType.Int32,
        torch.ScalarType.Bool => DataType.Bool,
        _ => throw new DataException($"Weight '{name}' is {type}; exported are Float32, Int64, Int32 and Bool. Convert the module with module.to(torch.float32); a file in float16 is made from the exported one by OnnxConverter."),
    };

    private static ValueInfoProto Value(string name, OnnxType type, IReadOnlyList<OnnxDimension> shape)
    {
        var dimensions = shape.Select(dimension => dimension.Name is { } dynamic
            ? new TensorShapeProto.Types.Dimension { DimParam = dynamic }
            : new TensorShapeProto.Types.Dimension { DimValue = dimension.Size ?? 1 });
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new() { Dim = { dimensions } } };
        return new() { Name = name, Type = new() { TensorType = tensor } };
    }
}
