namespace Workbench.Drift.Quality.Scanning;

/// <summary>Kinds from DuckDB's names of types.</summary>
internal static class ValueKinds
{
    public static ValueKind Of(string type) => type switch
    {
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" => ValueKind.Integer,
        "FLOAT" or "DOUBLE" => ValueKind.Number,
        "BOOLEAN" => ValueKind.Boolean,
        "VARCHAR" => ValueKind.Text,
        "DATE" => ValueKind.Time,
        _ when type.EndsWith(']') => ValueKind.Other,
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) => ValueKind.Number,
        _ when type.StartsWith("ENUM", StringComparison.Ordinal) => ValueKind.Text,
        _ when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) => ValueKind.Time,
        _ => ValueKind.Other,
    };

    public static bool IsNumeric(this ValueKind kind) => kind is ValueKind.Integer or ValueKind.Number;

    /// <summary>As a user reads and writes it.</summary>
    public static string Word(this ValueKind kind) => kind.ToString().ToLowerInvariant();
}
