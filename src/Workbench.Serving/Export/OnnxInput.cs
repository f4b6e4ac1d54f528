using TorchSharp;

namespace Workbench.Serving.Export;

/// <summary>One input of a module's <c>forward</c>, and what random values the check against TorchSharp gives it.</summary>
/// <param name="name">Name in the file; not beginning with '/'.</param>
/// <param name="type"><see cref="OnnxType.Float"/>, <see cref="OnnxType.Int64"/>, <see cref="OnnxType.Int32"/> or <see cref="OnnxType.Bool"/>.</param>
/// <param name="shape">Its dimensions, outermost first; names for dynamic ones.</param>
/// <example><code>new OnnxInput("ids", OnnxType.Int64, "batch", "sequence") { High = 50_257 }</code></example>
public sealed class OnnxInput(string name, OnnxType type, params IReadOnlyList<OnnxDimension> shape)
{
    /// <summary>Name in the file.</summary>
    public string Name { get; } = name;
    /// <summary>Type of its elements.</summary>
    public OnnxType Type { get; } = type;
    /// <summary>Its dimensions, outermost first.</summary>
    public IReadOnlyList<OnnxDimension> Shape { get; } = shape;
    /// <summary>Smallest value to check with. Default: -3 for floating point, 0 for whole numbers.</summary>
    public double? Low { get; init; }
    /// <summary>Upper end (exclusive) of the values to check with, such as the vocabulary's size. Default: 3 for floating point; whole numbers need it.</summary>
    public double? High { get; init; }
    /// <summary>
    /// Makes the values to check with from a shape and a seeded generator, where a range does not do: offsets that ascend,
    /// masks with at least one true. Replaces <see cref="Low"/> and <see cref="High"/>.
    /// </summary>
    public Func<long[], Random, torch.Tensor>? Sample { get; init; }
}
