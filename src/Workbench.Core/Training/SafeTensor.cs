namespace Workbench.Training;

/// <summary>One named tensor of a safetensors file.</summary>
public sealed record SafeTensor
{
    /// <summary>Name, unique in its file; never <c>__metadata__</c>.</summary>
    public required string Name { get; init; }
    /// <summary>Element type as the format spells it: F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL.</summary>
    public required string Type { get; init; }
    /// <summary>Sizes of the dimensions; empty for a scalar.</summary>
    public required IReadOnlyList<long> Shape { get; init; }
    /// <summary>Elements, little-endian, row-major.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }
}
