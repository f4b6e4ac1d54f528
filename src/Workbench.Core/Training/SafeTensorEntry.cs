namespace Workbench.Training;

/// <summary>Where one tensor of a safetensors file lies, and what it is.</summary>
public sealed record SafeTensorEntry
{
    /// <summary>Name, unique in its file.</summary>
    public required string Name { get; init; }
    /// <summary>Element type as the format spells it; see <see cref="SafeTensor.Type"/>.</summary>
    public required string Type { get; init; }
    /// <summary>Sizes of the dimensions; empty for a scalar.</summary>
    public required IReadOnlyList<long> Shape { get; init; }
    /// <summary>First byte, counted from the end of the header.</summary>
    public required long Start { get; init; }
    /// <summary>Number of bytes.</summary>
    public required long Length { get; init; }
}
