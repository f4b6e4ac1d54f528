namespace Workbench.Serving.Export;

public sealed partial class OnnxGraph
{
    /// <summary>B batch, T time, H heads of d: [B, T, H·d] to [B, H, T, d].</summary>
    public string SplitHeads(string value, long heads, long width) => Transpose(Reshape(value, 0, 0, heads, width), 0, 2, 1, 3);

    /// <summary>[B, H, T, d] to [B, T, H·d].</summary>
    public string MergeHeads(string value, long heads, long width) => Reshape(Transpose(value, 0, 2, 1, 3), 0, 0, heads * width);

    /// <summary>Each of G heads several times in a row, as grouped queries share them: [B, G, S, d] to [B, G·repeats, S, d].</summary>
    public string RepeatHeads(string value, long heads, long repeats, long width)
    {
        if (repeats == 1)
            return value;
        string copies = Node("Expand", [Unsqueeze(value, 2), Integers(1, 1, repeats, 1, 1)]);   // [B, G, repeats, S, d]
        return Reshape(copies, 0, heads * repeats, -1, width);
    }

    /// <summary>softmax(q · kᵀ / √d + mask) · v (Vaswani et al., 2017), [B, H, T, d].</summary>
    /// <param name="query">[B, H, T, d].</param>
    /// <param name="key">[B, H, S, d]; see <see cref="RepeatHeads"/> for fewer heads.</param>
    /// <param name="value">[B, H, S, d].</param>
    /// <param name="width">d.</param>
    /// <param name="mask">Added to the scores, broadcast to [B, H, T, S]: <see cref="CausalMask"/>, <see cref="AdditiveMask"/>, or null.</param>
    /// <param name="scale">Factor in place of 1 / √d, or null.</param>
    public string Attention(string query, string key, string value, long width, string? mask = null, double? scale = null)
    {
        string scores = MatMul(Multiply(query, (float)(scale ?? 1 / Math.Sqrt(width))), Transpose(key, 0, 1, 3, 2));   // [B, H, T, S]
        return MatMul(Softmax(mask is null ? scores : Add(scores, mask)), value);
    }

    /// <summary>Zero where a position may look and minus infinity where it may not: itself and those before it, [T, T]. Made once for a graph.</summary>
    /// <param name="sequence">A value with T among its dimensions, such as the token ids.</param>
    /// <param name="axis">Which dimension T is.</param>
    /// <param name="window">How many positions it sees at most, its own included (a sliding window), or null for all before it.</param>
    public string CausalMask(string sequence, long axis, long? window = null) => Once($"causal {sequence} {axis} {window}", () =>
    {
        string query = Unsqueeze(Positions(sequence, axis), 1), key = Unsqueeze(Positions(sequence, axis), 0);
        string before = Node("GreaterOrEqual", [query, key]);
        return AdditiveMask(window is { } size ? Node("And", [before, Node("Less", [Subtract(query, key), Integer(size)])]) : before);
    });

    /// <summary>A bool mask, true where a position may look, as zero and minus infinity.</summary>
    public string AdditiveMask(string allowed) => Where(allowed, Scalar(0), Scalar(float.NegativeInfinity));

    /// <summary>0, 1, ... T - 1 as int64 [T]. Made once for a graph.</summary>
    /// <param name="sequence">A value with T among its dimensions, such as the token ids.</param>
    /// <param name="axis">Which dimension T is.</param>
    public string Positions(string sequence, long axis) => Once($"positions {sequence} {axis}", () => Range(Size(sequence, axis)));

    /// <summary>Cosines and sines of rotary position embedding (Su et al., 2021), both [T, d].</summary>
    /// <param name="positions">int64 [T].</param>
    /// <param name="inverseFrequencies">[d / 2] θ of each pair, scaled as the model wants.</param>
    /// <param name="factor">Multiplies both; 1 for most models.</param>
    public (string Cosines, string Sines) RotaryTables(string positions, ReadOnlySpan<float> inverseFrequencies, float factor = 1) =>
        RotaryTables(positions, Constant("rotary.inverse_frequencies", inverseFrequencies, 1, inverseFrequencies.Length), factor);

    /// <summary>Cosines and sines of rotary position embedding where the frequencies follow from the sequence, both [T, d].</summary>
    /// <param name="positions">int64 [T].</param>
    /// <param name="frequencies">A value of [1, d / 2].</param>
    /// <param name="factor">Multiplies both; 1 for most models.</param>
    public (string Cosines, string Sines) RotaryTables(string positions, string frequencies, float factor = 1)
    {
        string half = Multiply(Cast(Unsqueeze(positions, 1), OnnxType.Float), frequencies);     // [T, d / 2]
        string angles = Concat(1, half, half);                                                    // [T, d]
        var (cosines, sines) = (Node("Cos", [angles]), Node("Sin", [angles]));
        return factor == 1 ? (cosines, sines) : (Multiply(cosines, factor), Multiply(sines, factor));
    }

    /// <summary>x · cos + (-x₂, x₁) · sin over the halves of the last dimension, as Llama, Qwen2 and GPT-NeoX rotate.</summary>
    /// <param name="value">x, [B, H, T, d].</param>
    /// <param name="tables">From <c>RotaryTables</c>.</param>
    /// <param name="width">d.</param>
    public string Rotate(string value, (string Cosines, string Sines) tables, long width)
    {
        string first = Slice(value, -1, 0, width / 2), second = Slice(value, -1, width / 2);
        return Add(Multiply(value, tables.Cosines), Multiply(Concat(-1, Node("Neg", [second]), first), tables.Sines));
    }

    /// <summary>Whether a value is known to be of bool: an input declared so, or the answer of a comparison.</summary>
    internal bool IsBool(string value) =>
        Proto.Input.Any(input => input.Name == value && input.Type.TensorType.ElemType == (int)OnnxType.Bool)
        || Proto.Node.LastOrDefault(node => node.Output.Contains(value))?.OpType is "Not" or "And" or "Or" or "Xor" or "Equal" or "Less" or "LessOrEqual" or "Greater" or "GreaterOrEqual";
}
