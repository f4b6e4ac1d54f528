using System.Runtime.InteropServices;
using Google.Protobuf;
using Workbench.Serving.Export.Proto;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export.Conversion;

/// <summary>
/// Float16 from the first layer with weights on. What comes before it stays in float32: raw columns may be larger than
/// float16's 65,504 and positions finer than its 11 bits, and standardised they are not.
/// </summary>
internal sealed class Float16Rewrite(GraphProto graph)
{
    private static readonly HashSet<string> Layers =
        ["MatMul", "Gemm", "Conv", "ConvTranspose", "LSTM", "GRU", "RNN", "Einsum", "LayerNormalization", "BatchNormalization", "InstanceNormalization"];

    private readonly Dictionary<string, DataType> _types = ValueTypes.Of(graph);
    private readonly Dictionary<string, TensorProto> _weights = graph.Initializer.Where(weight => weight.DataType == (int)DataType.Float).ToDictionary(weight => weight.Name);
    private readonly HashSet<string> _halves = [];
    private readonly Dictionary<string, string> _cast = [];
    private readonly List<NodeProto> _nodes = [];

    /// <summary>Names of the values that were float32 and are float16.</summary>
    public IReadOnlyCollection<string> Values => _halves;

    /// <summary>Rewrites the graph; returns how many weights were converted.</summary>
    public int Apply()
    {
        var outputs = graph.Output.Select(output => output.Name).ToHashSet();
        foreach (var node in graph.Node)
        {
            if (node.Domain.Length > 0)
                Keep(node);
            else if (IsHalf(node))
                Convert(node, outputs);
            else
                _nodes.Add(node);
        }
        graph.Node.Clear();
        graph.Node.AddRange(_nodes);
        int before = graph.Initializer.Count(weight => weight.DataType == (int)DataType.Float16);
        GraphPruning.Apply(graph);
        return before;
    }

    private bool IsHalf(NodeProto node) =>
        node.Input.Any(_halves.Contains)
        || Layers.Contains(node.OpType) && IsFloat(node.Output[0])
        || node.OpType is "Gather" or "Transpose" && _weights.TryGetValue(node.Input[0], out var table) && table.Dims.Count > 1;

    // An operator of another domain takes what it took.
    private void Keep(NodeProto node)
    {
        for (int input = 0; input < node.Input.Count; input++)
            if (_halves.Contains(node.Input[input]))
            {
                _nodes.Add(Cast(node.Input[input], $"{node.Input[input]}.float", DataType.Float));
                node.Input[input] = $"{node.Input[input]}.float";
            }
        _nodes.Add(node);
    }

    private void Convert(NodeProto node, HashSet<string> outputs)
    {
        if (node.OpType == "Cast" && !IsFloat(node.Output[0]))
        {
            _nodes.Add(node);   // takes either, and leaves floating point
            return;
        }
        for (int input = 0; input < node.Input.Count; input++)
            if (IsFloat(node.Input[input]) && !_halves.Contains(node.Input[input]) && !IsKept(node, input))
                node.Input[input] = Half(node.Input[input]);
        if (node.OpType == "Cast")
            node.Attribute.First(attribute => attribute.Name == "to").I = (long)DataType.Float16;
        _nodes.Add(node);
        for (int output = 0; output < node.Output.Count; output++)
        {
            string name = node.Output[output];
            if (!IsFloat(name))
                continue;
            if (outputs.Contains(name))
            {
                node.Output[output] = $"{(name[0] == '/' ? "" : "/")}{name}.float16";
                _nodes.Add(Cast(node.Output[output], name, DataType.Float));
            }
            else
                _halves.Add(name);
        }
    }

    // The sizes that Resize takes are float32 whatever it resizes.
    private static bool IsKept(NodeProto node, int input) => node.OpType == "Resize" && input is 1 or 2;

    private bool IsFloat(string value) => value.Length > 0 && _types[value] == DataType.Float;

    // A float32 value as float16: a weight as another weight, anything else through a node, once.
    private string Half(string value)
    {
        if (_cast.TryGetValue(value, out string? known))
            return known;
        string name = $"{(value[0] == '/' ? "" : "/")}{value}.half";
        if (_weights.TryGetValue(value, out var weight))
            graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)DataType.Float16, Dims = { weight.Dims }, RawData = UnsafeByteOperations.UnsafeWrap(Halves(weight)) });
        else
            _nodes.Add(Cast(value, name, DataType.Float16));
        return _cast[value] = name;
    }

    // What is finite stays finite.
    private static byte[] Halves(TensorProto weight)
    {
        var source = MemoryMarshal.Cast<byte, float>(weight.RawData.Span);
        var halves = new System.Half[source.Length];
        for (int index = 0; index < source.Length; index++)
            halves[index] = float.IsFinite(source[index]) ? (System.Half)Math.Clamp(source[index], (float)System.Half.MinValue, (float)System.Half.MaxValue) : (System.Half)source[index];
        return MemoryMarshal.AsBytes(halves.AsSpan()).ToArray();
    }

    private static NodeProto Cast(string from, string to, DataType type) => new()
    {
        OpType = "Cast", Name = $"{to}.cast", Input = { from }, Output = { to },
        Attribute = { new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)type } },
    };
}
