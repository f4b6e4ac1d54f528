namespace Workbench.Data;

/// <summary>A column of a table file.</summary>
/// <param name="Name">Name as in the file.</param>
/// <param name="Type">DuckDB's type, such as <c>DOUBLE</c> or <c>DECIMAL(10,2)</c>.</param>
public sealed record TableColumn(string Name, string Type)
{
    /// <summary>Whether the type is a number or a boolean, which reads as 0 or 1.</summary>
    public bool IsNumeric => Type.Split('(')[0] is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT"
        or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" or "FLOAT" or "DOUBLE" or "DECIMAL" or "BOOLEAN";
}
