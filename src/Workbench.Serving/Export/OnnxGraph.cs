using System.Runtime.InteropServices;
using Google.Protobuf;
using Workbench.Serving.Export.Proto;
using static Workbench.Serving.Export.Proto.AttributeProto.Types;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export;

/// <summary>Builds an ONNX graph node by node; every method returns the name of the value it made.</summary>
internal sealed class OnnxGraph(string name)
{
    /// <summary>Domain of the classical machine-learning operators.</summary>
    public const string MachineLearning = "ai.onnx.ml";

    private int _nodes;

    /// <summary>The message so far.</summary>
    public GraphProto Proto { get; } = new() { Name = name };

    /// <summary>A model input of one column, [batch × 1].</summary>
    public string Column(string name, DataType type)
    {
        Proto.Input.Add(Value(name, type));
        return name;
    }

    /// <summary>Names an existing value as a model output of one column, [batch × 1].</summary>
    public void Output(string value, string name, DataType type)
    {
        Proto.Node.Add(new NodeProto { OpType = "Identity", Name = name, Input = { value }, Output = { name } });
        Proto.Output.Add(Value(name, type));
    }

    /// <summary>A constant of float32.</summary>
    public string Constant(string name, ReadOnlySpan<float> values, params IEnumerable<long> shape) =>
        Constant(name, DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A constant of int64.</summary>
    public string Constant(string name, ReadOnlySpan<long> values, params IEnumerable<long> shape) =>
        Constant(name, DataType.Int64, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A node with one output.</summary>
    public string Node(string operation, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes) =>
        Node("", operation, inputs, attributes);

    /// <summary>A node of another domain than ONNX's own, with one output.</summary>
    public string Node(string domain, string operation, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        string output = $"/{operation}_{_nodes++}";
        var node = new NodeProto { OpType = operation, Name = output, Domain = domain, Input = { inputs }, Output = { output } };
        node.Attribute.AddRange(attributes);
        Proto.Node.Add(node);
        return output;
    }

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, IEnumerable<long> values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    public static AttributeProto Attribute(string name, IEnumerable<string> values) =>
        new() { Name = name, Type = AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } };

    private string Constant(string name, DataType type, ReadOnlySpan<byte> data, IEnumerable<long> shape)
    {
        string unique = $"/{name}";   // a column's name never begins so: see OnnxExporter
        Proto.Initializer.Add(new TensorProto { Name = unique, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(data) });
        return unique;
    }

    private static ValueInfoProto Value(string name, DataType type)
    {
        var batch = new TensorShapeProto.Types.Dimension { DimParam = "batch" };
        var one = new TensorShapeProto.Types.Dimension { DimValue = 1 };
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new() { Dim = { batch, one } } };
        return new() { Name = name, Type = new() { TensorType = tensor } };
    }
}
