using System.Globalization;

namespace Workbench.Drift.Causes;

/// <summary>A condition on one column: a range, a category, or no value.</summary>
public sealed record SliceCondition
{
    /// <summary>Name of the column.</summary>
    public required string Column { get; init; }
    /// <summary>The value is at least this; null when there is no lower end, or for a category.</summary>
    public double? Lower { get; init; }
    /// <summary>The value is below this; null when there is no upper end, or for a category.</summary>
    public double? Upper { get; init; }
    /// <summary>The value is this category; null for a range.</summary>
    public string? Category { get; init; }
    /// <summary>The column has no value, or for numbers no finite one.</summary>
    public bool IsMissing { get; init; }

    /// <summary>As a reader writes it: <c>plan = 'flex'</c>, <c>10 ≤ age &lt; 20</c>, <c>income missing</c>.</summary>
    public override string ToString() => (IsMissing, Category, Lower, Upper) switch
    {
        (true, _, _, _) => $"{Column} missing",
        (_, { } category, _, _) => $"{Column} = '{category}'",
        (_, _, { } lower, { } upper) when upper == double.BitIncrement(lower) => $"{Column} = {Number(lower)}",
        (_, _, { } lower, { } upper) => IsJustAbove(lower) ? $"{Number(double.BitDecrement(lower))} < {Column} {Below(upper)}" : $"{Number(lower)} ≤ {Column} {Below(upper)}",
        (_, _, { } lower, null) => IsJustAbove(lower) ? $"{Column} > {Number(double.BitDecrement(lower))}" : $"{Column} ≥ {Number(lower)}",
        (_, _, null, { } upper) => $"{Column} {Below(upper)}",
        _ => $"any {Column}",
    };

    private static string Below(double upper) => IsJustAbove(upper) ? $"≤ {Number(double.BitDecrement(upper))}" : $"< {Number(upper)}";

    // An end just above a short number stands for that number, on the other side.
    private static bool IsJustAbove(double end) => Exact(double.BitDecrement(end)).Length < Exact(end).Length;

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
