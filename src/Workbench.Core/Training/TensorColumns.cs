namespace Workbench.Training;

/// <summary>Columns of a table that become one tensor of a batch.</summary>
public sealed record TensorColumns
{
    private TensorColumns(bool isWhole, IReadOnlyList<string> expressions) => (IsWhole, Expressions) = (isWhole, expressions);

    /// <summary>Whether the tensor is int64; else float32.</summary>
    public bool IsWhole { get; }

    /// <summary>Names of columns, or SQL expressions over them such as <c>(price - 43) / 8</c>.</summary>
    public IReadOnlyList<string> Expressions { get; }

    /// <summary>A float32 tensor [B × n] of n columns or expressions; NULL becomes NaN.</summary>
    public static TensorColumns Float(params IReadOnlyList<string> expressions) => new(false, NotEmpty(expressions));

    /// <summary>An int64 tensor [B × n] of n columns or expressions, such as codes and classes; NULL is refused.</summary>
    public static TensorColumns Whole(params IReadOnlyList<string> expressions) => new(true, NotEmpty(expressions));

    private static IReadOnlyList<string> NotEmpty(IReadOnlyList<string> expressions) =>
        expressions.Count > 0 && !expressions.Any(string.IsNullOrWhiteSpace) ? expressions
            : throw new ArgumentException("A tensor takes the names of one or more columns, or expressions over them.", nameof(expressions));
}
