using System.Globalization;

namespace Workbench.Serving.Export;

/// <summary>One dimension of a model's input or output: a fixed size, or a name whose size each call chooses, such as <c>batch</c>.</summary>
public readonly record struct OnnxDimension
{
    /// <summary>The size, or null when it is dynamic.</summary>
    public long? Size { get; private init; }
    /// <summary>The name of a dynamic size, or null; dimensions of one name have one size within a call.</summary>
    public string? Name { get; private init; }

    /// <summary>A fixed size, at least 1.</summary>
    public static implicit operator OnnxDimension(long size) => size >= 1
        ? new() { Size = size }
        : throw new ArgumentOutOfRangeException(nameof(size), size, "A fixed dimension is at least 1; give a dynamic one a name, such as \"batch\".");

    /// <summary>A dynamic size.</summary>
    public static implicit operator OnnxDimension(string name) => !string.IsNullOrWhiteSpace(name)
        ? new() { Name = name }
        : throw new ArgumentException("A dynamic dimension needs a name, such as \"batch\".", nameof(name));

    /// <inheritdoc/>
    public override string ToString() => Name ?? Size?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
