namespace Workbench.Training.Streaming;

/// <summary>A share of B rows of a batch before it is tensors: an array float[B × n] or long[B × n] each, row-major.</summary>
internal sealed record BatchRows(IReadOnlyList<Array> Columns, BatchShare Share);
