namespace Workbench.Drift;

/// <summary>Kinds from names and DuckDB types.</summary>
internal static class ColumnKinds
{
    private static readonly HashSet<string> NumericTypes = new(StringComparer.Ordinal)
    {
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE",
    };

    public static DriftColumnKind Infer(string column, string type) =>
        IsIdName(column) || type == "UUID" ? DriftColumnKind.Id : OfType(type);

    public static DriftColumnKind OfType(string type) =>
        NumericTypes.Contains(type) || type.StartsWith("DECIMAL", StringComparison.Ordinal) && !IsNested(type) ? DriftColumnKind.Numeric
        : IsNumericList(type) ? DriftColumnKind.Embedding
        : IsNested(type) ? DriftColumnKind.Other
        : type == "BOOLEAN" ? DriftColumnKind.Boolean
        : type == "VARCHAR" || type.StartsWith("ENUM", StringComparison.Ordinal) ? DriftColumnKind.Categorical
        : type.StartsWith("DATE", StringComparison.Ordinal) || type.StartsWith("TIME", StringComparison.Ordinal) || type == "INTERVAL" ? DriftColumnKind.DateTime
        : DriftColumnKind.Other;

    public static bool IsInteger(string type) => NumericTypes.Contains(type) && type is not ("FLOAT" or "DOUBLE");

    // "id", "customer_id", "customerId", but not "paid" or "grid".
    private static bool IsIdName(string column) =>
        column.Equals("id", StringComparison.OrdinalIgnoreCase)
        || column.EndsWith("_id", StringComparison.OrdinalIgnoreCase)
        || (column.Length > 2 && column.EndsWith("Id", StringComparison.Ordinal) && char.IsLower(column[^3]));

    // "DOUBLE[]", "FLOAT[384]", "DECIMAL(9,3)[]"; not a list of lists.
    private static bool IsNumericList(string type) =>
        type.EndsWith(']') && type[..type.LastIndexOf('[')] is var member && !IsNested(member) && (NumericTypes.Contains(member) || member.StartsWith("DECIMAL", StringComparison.Ordinal));

    private static bool IsNested(string type) => type.EndsWith(']') || type.StartsWith("STRUCT", StringComparison.Ordinal) || type.StartsWith("MAP", StringComparison.Ordinal);
}
