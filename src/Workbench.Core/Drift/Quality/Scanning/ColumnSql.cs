namespace Workbench.Drift.Quality.Scanning;

/// <summary>Conditions on a column in SQL that say the same as the tallies.</summary>
internal static class ColumnSql
{
    /// <summary>True where the text of a quoted column is more than spaces.</summary>
    public static string NotBlank(string column) => $"trim({column}::VARCHAR, E' \\t\\r\\n') <> ''";

    /// <summary>True where a value is there: not NULL, not NaN, not blank.</summary>
    public static string IsPresent(string column, ValueKind kind, string type) => kind switch
    {
        ValueKind.Number when type is "FLOAT" or "DOUBLE" => $"({column} IS NOT NULL AND NOT isnan({column}))",
        ValueKind.Text => $"({column} IS NOT NULL AND {NotBlank(column)})",
        _ => $"({column} IS NOT NULL)",
    };

    /// <summary>Whether the column can hold an infinite value.</summary>
    public static bool HoldsInfinity(ValueKind kind, string type) => kind == ValueKind.Time || type is "FLOAT" or "DOUBLE";

    /// <summary>The microseconds since 1970 of a quoted column of finite times.</summary>
    public static string Microseconds(string column, string type) => $"epoch_us({(type.EndsWith("TIME ZONE", StringComparison.Ordinal) ? column : column + "::TIMESTAMP")})";
}
