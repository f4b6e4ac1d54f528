using Workbench.Data;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>Puts two profiles together as files are put together by their columns' names.</summary>
internal static class ProfileMerge
{
    public static DriftProfile Merge(DriftProfile a, DriftProfile b)
    {
        var others = b.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var names = a.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var columns = a.Columns.Select(column => others.TryGetValue(column.Name, out var other) ? Merge(column, other, a, b) : WithNulls(column, b.Rows))
            .Concat(b.Columns.Where(column => !names.Contains(column.Name)).Select(column => WithNulls(column, a.Rows)));
        return new(a.Name == b.Name ? a.Name : $"{a.Name}, {b.Name}", a.Rows + b.Rows, columns.ToList());
    }

    private static DriftProfileColumn Merge(DriftProfileColumn x, DriftProfileColumn y, DriftProfile a, DriftProfile b)
    {
        // A part without a value has whatever type its reader guessed.
        if (x.Kind != y.Kind && IsEmpty(x))
            return WithNulls(y, a.Rows);
        if (x.Kind != y.Kind && IsEmpty(y))
            return WithNulls(x, b.Rows);
        if (x.Kind != y.Kind)
            throw new DataException(
                $"Column '{x.Name}' is {x.Kind} ({x.Type}) in '{a.Name}' and {y.Kind} ({y.Type}) in '{b.Name}'. Profile both as the same kind, or leave it out.") { Column = x.Name };
        return x with
        {
            // 1 in one part and 1.5 in another are numbers of the wider type.
            Type = x.Type == y.Type ? x.Type : x.Kind == DriftColumnKind.Numeric ? "DOUBLE" : "VARCHAR",
            Numbers = x.Numbers is { } left && y.Numbers is { } right ? NumericSketch.Merge(left, right) : null,
            Categories = x.Categories is { } one && y.Categories is { } other ? CategorySketch.Merge(one, other) : null,
        };
    }

    private static bool IsEmpty(DriftProfileColumn column) => (column.Numbers?.Count ?? column.Categories?.Count) == 0;

    private static DriftProfileColumn WithNulls(DriftProfileColumn column, long rows) => column with
    {
        Numbers = column.Numbers is { } numbers ? new(numbers.Shift, numbers.Bins, numbers.Moments, numbers.Nulls + rows, numbers.NotFinite) : null,
        Categories = column.Categories is { } categories ? categories with { Nulls = categories.Nulls + rows } : null,
    };
}
