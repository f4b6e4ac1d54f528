using Workbench.Serving.Export.Proto;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export.Conversion;

/// <summary>The type of every value of a graph, as the operators that the exporter uses define it.</summary>
internal static class ValueTypes
{
    private static readonly HashSet<string> Booleans =
        ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Not", "And", "Or", "Xor", "IsNaN", "IsInf"];

    private static readonly HashSet<string> Integers = ["Shape", "Size", "NonZero", "ArgMax", "ArgMin"];

    public static Dictionary<string, DataType> Of(GraphProto graph)
    {
        var types = graph.Input.ToDictionary(input => input.Name, input => (DataType)input.Type.TensorType.ElemType);
        foreach (var weight in graph.Initializer)
            types[weight.Name] = (DataType)weight.DataType;
        foreach (var node in graph.Node)
            foreach (string output in node.Output)
                types[output] = Of(node, types);
        return types;
    }

    private static DataType Of(NodeProto node, Dictionary<string, DataType> types) => node.OpType switch
    {
        "Cast" => (DataType)node.Attribute.First(attribute => attribute.Name == "to").I,
        "ConstantOfShape" => DataType.Float,   // the exporter gives it no value
        "Where" => types[node.Input[1]],
        "OneHot" => types[node.Input[2]],
        "LabelEncoder" when node.Attribute.Any(attribute => attribute.Name == "values_int64s") => DataType.Int64,
        "LabelEncoder" when node.Attribute.Any(attribute => attribute.Name == "values_floats") => DataType.Float,
        "LabelEncoder" => DataType.String,
        _ when Booleans.Contains(node.OpType) => DataType.Bool,
        _ when Integers.Contains(node.OpType) => DataType.Int64,
        _ => types[node.Input[0]],
    };
}
