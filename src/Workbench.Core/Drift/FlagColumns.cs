using Workbench.Drift.Sources;

namespace Workbench.Drift;

/// <summary>
/// Columns that are booleans on one side and nothing but 0 and 1 on the other, as prediction logs and many exports write
/// booleans: they are the same thing, and no change of type.
/// </summary>
internal static class FlagColumns
{
    /// <summary>Both sides, with such numbers as booleans where DuckDB reads them; other sides stay as they are.</summary>
    public static (DriftInput Reference, DriftInput Current) Align(DriftInput reference, DriftInput current, DriftOptions options, CancellationToken cancellationToken) =>
        (Read(reference, current, options, cancellationToken), Read(current, reference, options, cancellationToken));

    private static DriftInput Read(DriftInput side, DriftInput other, DriftOptions options, CancellationToken cancellationToken)
    {
        if (side is not DuckInput rows)
            return side;
        var booleans = other.Columns.Where(column => column.Type == "BOOLEAN" && options.KindOf(column.Name) is null).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        List<string> flags =
        [
            .. rows.Columns.Where(column => booleans.Contains(column.Name) && ColumnKinds.OfType(column.Type) == DriftColumnKind.Numeric && rows.HoldsFlags(column.Name, cancellationToken))
                .Select(column => column.Name),
        ];
        return flags.Count == 0 ? side : rows.WithFlags(flags, cancellationToken);
    }
}
