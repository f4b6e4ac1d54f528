using System.Collections;
using System.Reflection;
using DuckDB.NET.Data;
using Microsoft.Data.Analysis;
using Workbench.Data;
using DataColumn = System.Data.DataColumn;
using DataRow = System.Data.DataRow;
using DataTable = System.Data.DataTable;

namespace Workbench.Notebooks.Tables;

/// <summary>Makes a DuckDB table of a value that has rows: a DataFrame, a DataTable, a sequence of records or of plain values.</summary>
internal static class TableWriter
{
    private static readonly Dictionary<Type, string> SqlTypes = new()
    {
        [typeof(bool)] = "BOOLEAN", [typeof(sbyte)] = "TINYINT", [typeof(short)] = "SMALLINT", [typeof(int)] = "INTEGER", [typeof(long)] = "BIGINT",
        [typeof(byte)] = "UTINYINT", [typeof(ushort)] = "USMALLINT", [typeof(uint)] = "UINTEGER", [typeof(ulong)] = "UBIGINT",
        [typeof(float)] = "REAL", [typeof(double)] = "DOUBLE", [typeof(decimal)] = "DECIMAL(38, 10)",
        [typeof(string)] = "VARCHAR", [typeof(char)] = "VARCHAR", [typeof(Guid)] = "VARCHAR", [typeof(Uri)] = "VARCHAR", [typeof(Version)] = "VARCHAR",
        [typeof(DateTime)] = "TIMESTAMP", [typeof(DateTimeOffset)] = "TIMESTAMP", [typeof(DateOnly)] = "DATE", [typeof(TimeOnly)] = "VARCHAR", [typeof(TimeSpan)] = "INTERVAL",
    };

    /// <summary>Whether the value has rows that a table can hold.</summary>
    public static bool CanWrite(object value) => value is DataFrame or DataTable || ItemType(value) is not null;

    /// <summary>Creates or replaces <paramref name="table"/>; nulls are NULL, enums and ids text, times without an offset stay as they are, others become UTC.</summary>
    /// <exception cref="DataException">There are no columns, or one is of a type that SQL has no counterpart for; names it.</exception>
    public static void Write(DuckDBConnection connection, string table, object value)
    {
        if (value is DataFrame frame)
            DataFrameTables.Write(connection, table, frame);
        else if (value is DataTable data)
            Write(connection, table, [.. data.Columns.Cast<DataColumn>().Select(column => (column.ColumnName, column.DataType))], data.Rows.Cast<DataRow>().Select(row => row.ItemArray));
        else if (ItemType(value) is { } type)
            WriteSequence(connection, table, type, (IEnumerable)value);
        else
            throw new DataException($"'{table}' is a {value.GetType().Name}, which has no rows. A table is made of a DataFrame, a DataTable, or a sequence of records.") { Origin = table };
    }

    private static void WriteSequence(DuckDBConnection connection, string table, Type type, IEnumerable items)
    {
        if (SqlType(type) is not null)
        {
            Write(connection, table, [("value", type)], items.Cast<object?>().Select(item => new[] { item }));
            return;
        }
        var properties = Properties(type);
        Write(connection, table, [.. properties.Select(property => (property.Name, property.PropertyType))],
            items.Cast<object?>().Select(item => properties.Select(property => item is null ? null : property.GetValue(item)).ToArray()));
    }

    private static void Write(DuckDBConnection connection, string table, IReadOnlyList<(string Name, Type Type)> columns, IEnumerable<object?[]> rows)
    {
        if (columns.Count == 0)
            throw new DataException($"'{table}' has no columns, so it cannot be a table.") { Origin = table };
        DataFrameTables.Execute(connection, $"CREATE OR REPLACE TABLE {DataFrameTables.Quote(table)} ({string.Join(", ", columns.Select(column => $"{DataFrameTables.Quote(column.Name)} {Required(table, column)}"))})");
        using var appender = connection.CreateAppender(table);
        foreach (var row in rows)
        {
            var target = appender.CreateRow();
            foreach (var value in row)
                DataFrameTables.Append(target, value is DBNull ? null : value);
            target.EndRow();
        }
    }

    private static string Required(string table, (string Name, Type Type) column) => SqlType(column.Type) ?? throw new DataException(
        $"Column '{column.Name}' of '{table}' is of type {column.Type.Name}, for which SQL has no counterpart. Select the columns that a table can hold: numbers, text, bool, times, enums.")
    { Origin = table, Column = column.Name };

    private static string? SqlType(Type type)
    {
        var core = Nullable.GetUnderlyingType(type) ?? type;
        return core.IsEnum || core == typeof(object) ? "VARCHAR" : SqlTypes.GetValueOrDefault(core);
    }

    // A text is a sequence of letters and a dictionary one of pairs; neither is meant as a table.
    private static Type? ItemType(object value) => value is string or IDictionary or not IEnumerable ? null
        : value.GetType().GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            .Select(type => type.GetGenericArguments()[0]).FirstOrDefault(type => type != typeof(object) && (SqlType(type) is not null || (!typeof(IEnumerable).IsAssignableFrom(type) && Properties(type).Count > 0)));

    private static List<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanRead && property.GetIndexParameters().Length == 0).ToList();
}
