namespace Workbench.Training.Streaming;

/// <summary>A batch before it is tensors: an array float[B × n] or long[B × n] each, row-major.</summary>
internal sealed record BatchRows(IReadOnlyList<Array> Columns, int Count);
