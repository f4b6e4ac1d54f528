using Workbench.Serving.Export.Proto;

namespace Workbench.Serving.Export;

/// <summary>Follows how many dimensions each value has, and how long a list (of one dimension) is, as far as both follow from the nodes.</summary>
internal sealed class OnnxRanks
{
    private static readonly HashSet<string> Broadcasting =
        ["Add", "Sub", "Mul", "Div", "Pow", "Mod", "Where", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor", "Min", "Max"];

    private static readonly HashSet<string> Reducing = ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL2", "ReduceSumSquare", "ArgMax", "ArgMin"];

    private readonly Dictionary<string, int> _ranks = [];
    private readonly Dictionary<string, int> _lengths = [];

    public int? Of(string value) => _ranks.TryGetValue(value, out int rank) ? rank : null;

    public void Set(string value, int rank, int? length = null)
    {
        _ranks[value] = rank;
        if (length is { } known)
            _lengths[value] = known;
    }

    /// <summary>Notes the outputs of a node.</summary>
    public void Add(NodeProto node)
    {
        if (node.OpType is "LSTM" or "GRU" or "RNN")
        {
            for (int output = 0; output < node.Output.Count; output++)
                _ranks[node.Output[output]] = output == 0 ? 4 : 3;
            return;
        }
        if (Rank(node) is not { } rank)
            return;
        foreach (string output in node.Output)
            Set(output, rank, rank == 1 && node.Output.Count == 1 ? Length(node) : null);
    }

    private int? Rank(NodeProto node)
    {
        int? first = node.Input.Count > 0 ? Of(node.Input[0]) : null;
        return node.OpType switch
        {
            _ when Broadcasting.Contains(node.OpType) => Largest(node.Input),
            _ when Reducing.Contains(node.OpType) => Reduced(node, first),
            "MatMul" => Of(node.Input[0]) >= 2 && Of(node.Input[1]) >= 2 ? Largest(node.Input) : null,
            "Gemm" or "Flatten" or "NonZero" => 2,
            "Gather" => first - 1 + Of(node.Input[1]),
            "Unsqueeze" => first + Length(node.Input[1]),
            "Squeeze" => node.Input.Count > 1 ? first - Length(node.Input[1]) : null,
            "Reshape" => Length(node.Input[1]),
            "ConstantOfShape" => Length(node.Input[0]),
            "Expand" => Length(node.Input[1]) is { } length && first is { } rank ? Math.Max(rank, length) : null,
            "Shape" or "Range" => 1,
            "Size" => 0,
            "OneHot" => first + 1,
            "Einsum" or "GatherND" => null,
            _ => first,
        };
    }

    private int? Length(NodeProto node) => node.OpType switch
    {
        "Shape" => Of(node.Input[0]),
        "Unsqueeze" => 1,
        "Concat" => node.Input.All(_lengths.ContainsKey) ? node.Input.Sum(input => _lengths[input]) : null,
        "Identity" or "Cast" => Length(node.Input[0]),
        _ => null,
    };

    private int? Length(string value) => _lengths.TryGetValue(value, out int length) ? length : null;

    private int? Largest(IReadOnlyCollection<string> values) => values.All(_ranks.ContainsKey) ? values.Max(value => _ranks[value]) : null;

    private int? Reduced(NodeProto node, int? rank)
    {
        if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "keepdims") is not { I: 0 })
            return rank;
        if (node.OpType is "ArgMax" or "ArgMin")
            return rank - 1;
        int? axes = node.Attribute.FirstOrDefault(attribute => attribute.Name == "axes")?.Ints.Count ?? (node.Input.Count > 1 ? Length(node.Input[1]) : null);
        return rank - axes;
    }
}
