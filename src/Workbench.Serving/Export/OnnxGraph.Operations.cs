namespace Workbench.Serving.Export;

public sealed partial class OnnxGraph
{
    /// <summary>a + b, broadcast.</summary>
    public string Add(string a, string b) => Node("Add", [a, b]);

    /// <summary>a - b, broadcast.</summary>
    public string Subtract(string a, string b) => Node("Sub", [a, b]);

    /// <summary>a · b element by element, broadcast.</summary>
    public string Multiply(string a, string b) => Node("Mul", [a, b]);

    /// <summary>a · factor.</summary>
    public string Multiply(string a, float factor) => Node("Mul", [a, Scalar(factor)]);

    /// <summary>a / b, broadcast.</summary>
    public string Divide(string a, string b) => Node("Div", [a, b]);

    /// <summary>Matrix product of the last two dimensions, the others broadcast.</summary>
    public string MatMul(string a, string b) => Node("MatMul", [a, b]);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public string Sigmoid(string value) => Node("Sigmoid", [value]);

    /// <summary>Softmax along a dimension.</summary>
    public string Softmax(string value, long axis = -1) => Node("Softmax", [value], Attribute("axis", axis));

    /// <summary>Values side by side along a dimension.</summary>
    public string Concat(long axis, params IReadOnlyList<string> values) => values is [var only] ? only : Node("Concat", values, Attribute("axis", axis));

    /// <summary>Equal parts along a dimension; its size must divide.</summary>
    public IReadOnlyList<string> Split(string value, int parts, long axis) => Opset >= 18
        ? Nodes("Split", parts, [value], Attribute("axis", axis), Attribute("num_outputs", parts))
        : Nodes("Split", parts, [value], Attribute("axis", axis));

    /// <summary>The elements from <paramref name="start"/> to before <paramref name="end"/> along a dimension; negative ones count from its end.</summary>
    public string Slice(string value, long axis, long start, long end = long.MaxValue) =>
        Node("Slice", [value, Integers(start), Integers(end), Integers(axis)]);

    /// <summary>One element along a dimension, which goes away.</summary>
    public string Select(string value, long axis, long index) => Node("Gather", [value, Integer(index)], Attribute("axis", axis));

    /// <summary>Rows of a table: [V, D] and indices of any shape to that shape with D at its end.</summary>
    public string Gather(string table, string indices, long axis = 0) => Node("Gather", [table, indices], Attribute("axis", axis));

    /// <summary>Another order of the dimensions.</summary>
    public string Transpose(string value, params IReadOnlyList<long> order) => Node("Transpose", [value], Attribute("perm", order));

    /// <summary>The same elements in another shape; 0 keeps a dimension's size, one -1 takes what is left.</summary>
    public string Reshape(string value, params IReadOnlyList<long> shape) => Node("Reshape", [value, Integers(shape)]);

    /// <summary>The same elements in a shape that another value holds.</summary>
    public string ReshapeTo(string value, string shape) => Node("Reshape", [value, shape]);

    /// <summary>New dimensions of size 1 at these places of the result.</summary>
    public string Unsqueeze(string value, params IReadOnlyList<long> axes) => Node("Unsqueeze", [value, Integers(axes)]);

    /// <summary>Without these dimensions, which have size 1.</summary>
    public string Squeeze(string value, params IReadOnlyList<long> axes) => Node("Squeeze", [value, Integers(axes)]);

    /// <summary>The shape as a list of int64.</summary>
    public string Shape(string value) => Node("Shape", [value]);

    /// <summary>The size of one dimension as an int64 scalar.</summary>
    public string Size(string value, long axis) => Node("Gather", [Shape(value), Integer(axis)], Attribute("axis", 0));

    /// <summary>0, 1, ... up to before an int64 scalar.</summary>
    public string Range(string end) => Node("Range", [Integer(0), end, Integer(1)]);

    /// <summary>Another type of elements.</summary>
    public string Cast(string value, OnnxType type) => Node("Cast", [value], Attribute("to", (long)type));

    /// <summary>Where a bool value is true the first, else the second; broadcast.</summary>
    public string Where(string condition, string then, string otherwise) => Node("Where", [condition, then, otherwise]);

    /// <summary>Sum along dimensions.</summary>
    public string Sum(string value, bool keep, params IReadOnlyList<long> axes) =>
        Node("ReduceSum", [value, Integers(axes)], Attribute("keepdims", keep ? 1 : 0));

    /// <summary>Mean along dimensions.</summary>
    public string Mean(string value, bool keep, params IReadOnlyList<long> axes) => Reduce("ReduceMean", value, keep, axes);

    /// <summary>Largest along dimensions.</summary>
    public string Max(string value, bool keep, params IReadOnlyList<long> axes) => Reduce("ReduceMax", value, keep, axes);

    /// <summary>x · Wᵀ + b along the last dimension, as <c>Linear</c> computes it.</summary>
    /// <param name="value">x, [..., K].</param>
    /// <param name="name">Path of the layer; names its weights.</param>
    /// <param name="weight">W, [N, K].</param>
    /// <param name="bias">b, [N], or null.</param>
    public string Linear(string value, string name, TorchSharp.torch.Tensor weight, TorchSharp.torch.Tensor? bias = null)
    {
        if (Rank(value) == 2)   // https://onnx.ai/onnx/operators/onnx__Gemm.html
            return Node("Gemm", bias is null ? [value, Weight(Join(name, "weight"), weight)] : [value, Weight(Join(name, "weight"), weight), Weight(Join(name, "bias"), bias)],
                Attribute("transB", 1));
        string product = MatMul(value, TransposedWeight(Join(name, "weight"), weight));
        return bias is null ? product : Add(product, Weight(Join(name, "bias"), bias));
    }

    /// <summary>Layer normalisation over the last dimensions: (x - mean) / √(variance + ε) · weight + bias.</summary>
    /// <param name="value">x.</param>
    /// <param name="dimensions">How many of the last dimensions.</param>
    /// <param name="weight">Name of the weight, over those dimensions.</param>
    /// <param name="bias">Name of the bias, or null.</param>
    /// <param name="epsilon">ε.</param>
    public string LayerNorm(string value, int dimensions, string weight, string? bias, double epsilon)
    {
        if (Opset >= 17)   // https://onnx.ai/onnx/operators/onnx__LayerNormalization.html
            return Node("LayerNormalization", bias is null ? [value, weight] : [value, weight, bias], Attribute("axis", -dimensions), Attribute("epsilon", (float)epsilon));
        long[] axes = [.. Enumerable.Range(1, dimensions).Select(axis => -(long)axis)];
        string centred = Subtract(value, Mean(value, keep: true, axes));
        string scaled = Multiply(Divide(centred, Root(Mean(Multiply(centred, centred), keep: true, axes), epsilon)), weight);
        return bias is null ? scaled : Add(scaled, bias);
    }

    /// <summary>Root-mean-square normalisation over the last dimension: x / √(mean(x²) + ε) · weight (Zhang and Sennrich, 2019).</summary>
    /// <param name="value">x, [..., D].</param>
    /// <param name="weight">Name of the weight, [D].</param>
    /// <param name="epsilon">ε.</param>
    public string RmsNorm(string value, string weight, double epsilon) =>
        Multiply(Divide(value, Root(Mean(Multiply(value, value), keep: true, -1), epsilon)), weight);

    /// <summary>Gaussian error linear unit: x · Φ(x), exact or by tanh (Hendrycks and Gimpel, 2016).</summary>
    public string Gelu(string value, bool tanh = false)
    {
        if (Opset >= 20)
            return Node("Gelu", [value], Attribute("approximate", tanh ? "tanh" : "none"));
        string half = Multiply(value, 0.5f);
        if (!tanh)
            return Multiply(half, Add(Node("Erf", [Multiply(value, (float)Math.Sqrt(0.5))]), Scalar(1)));
        string cube = Multiply(Multiply(value, value), value);
        string inner = Multiply(Add(value, Multiply(cube, 0.044715f)), (float)Math.Sqrt(2 / Math.PI));
        return Multiply(half, Add(Node("Tanh", [inner]), Scalar(1)));
    }

    /// <summary>x · sigmoid(x).</summary>
    public string Silu(string value) => Multiply(value, Sigmoid(value));

    /// <summary>A weight stored as its transpose, [N, K] to [K, N]: how MatMul takes it.</summary>
    internal string TransposedWeight(string name, TorchSharp.torch.Tensor weight)
    {
        string key = $"{name}.T";
        return Once($"w{key}", () =>
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            return Weight(key, weight.detach().t());
        });
    }

    private string Root(string square, double epsilon) => Node("Sqrt", [Add(square, Scalar((float)epsilon))]);

    // From opset 18 on the axes are an input: https://onnx.ai/onnx/operators/onnx__ReduceMean.html
    private string Reduce(string operation, string value, bool keep, IReadOnlyList<long> axes) => Opset >= 18
        ? Node(operation, [value, Integers(axes)], Attribute("keepdims", keep ? 1 : 0))
        : Node(operation, [value], Attribute("axes", axes), Attribute("keepdims", keep ? 1 : 0));
}
