using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Data.Analysis;
using Workbench.Data;

namespace Workbench.Notebooks.Tables;

/// <summary>Moves DataFrames into DuckDB tables and Parquet files and back.</summary>
internal static class DataFrameTables
{
    /// <summary>Opens a private in-memory database.</summary>
    public static DuckDBConnection OpenMemory()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        return connection;
    }

    /// <summary>An identifier in quotes, as SQL wants it.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Creates or replaces <paramref name="table"/> with the rows of <paramref name="frame"/>.</summary>
    /// <exception cref="DataException">The frame has no columns, or one of a type that SQL has no counterpart for.</exception>
    public static void Write(DuckDBConnection connection, string table, DataFrame frame)
    {
        if (frame.Columns.Count == 0)
            throw new DataException($"DataFrame '{table}' has no columns, so it cannot be a table.") { Origin = table };
        var columns = frame.Columns.Select(column => $"{Quote(column.Name)} {SqlType(table, column)}");
        Execute(connection, $"CREATE OR REPLACE TABLE {Quote(table)} ({string.Join(", ", columns)})");
        using var appender = connection.CreateAppender(table);
        for (long index = 0; index < frame.Rows.Count; index++)
        {
            var row = appender.CreateRow();
            foreach (var column in frame.Columns)
                Append(row, column[index]);
            row.EndRow();
        }
    }

    /// <summary>Writes <paramref name="frame"/> as a Parquet file.</summary>
    public static void SaveParquet(DataFrame frame, string path)
    {
        using var connection = OpenMemory();
        Write(connection, "frame", frame);
        Execute(connection, $"COPY frame TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)");
    }

    /// <summary>Reads a Parquet file that <see cref="SaveParquet"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static DataFrame LoadParquet(string path)
    {
        try
        {
            using var connection = OpenMemory();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT * FROM read_parquet($path)";
            command.Parameters.Add(new DuckDBParameter("path", path));
            using var reader = command.ExecuteReader();
            return DataFrameReader.Read(reader);
        }
        catch (DuckDBException failure)
        {
            throw new DataException($"Cannot read the table in '{path}': {failure.Message}", failure) { Origin = path };
        }
    }

    public static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string SqlType(string table, DataFrameColumn column) => Type.GetTypeCode(column.DataType) switch
    {
        TypeCode.Boolean => "BOOLEAN",
        TypeCode.SByte => "TINYINT",
        TypeCode.Byte => "UTINYINT",
        TypeCode.Int16 => "SMALLINT",
        TypeCode.UInt16 => "USMALLINT",
        TypeCode.Int32 => "INTEGER",
        TypeCode.UInt32 => "UINTEGER",
        TypeCode.Int64 => "BIGINT",
        TypeCode.UInt64 => "UBIGINT",
        TypeCode.Single => "REAL",
        TypeCode.Double => "DOUBLE",
        TypeCode.Decimal => "DECIMAL(38, 10)",
        TypeCode.DateTime => "TIMESTAMP",
        TypeCode.String or TypeCode.Char => "VARCHAR",
        _ => throw new DataException(
            $"Column '{column.Name}' of DataFrame '{table}' holds {column.DataType.Name}, for which SQL has no type. Convert it to numbers, text, DateTime or bool, or drop it.")
        { Origin = table, Column = column.Name },
    };

    /// <summary>Appends one value of any type that a table can hold; what has no form of its own goes as text.</summary>
    public static void Append(IDuckDBAppenderRow row, object? value)
    {
        _ = value switch
        {
            null => row.AppendNullValue(),
            bool flag => row.AppendValue(flag),
            sbyte number => row.AppendValue(number),
            byte number => row.AppendValue(number),
            short number => row.AppendValue(number),
            ushort number => row.AppendValue(number),
            int number => row.AppendValue(number),
            uint number => row.AppendValue(number),
            long number => row.AppendValue(number),
            ulong number => row.AppendValue(number),
            float number => row.AppendValue(number),
            double number => row.AppendValue(number),
            decimal number => row.AppendValue(number),
            DateTime time => row.AppendValue(time),
            DateTimeOffset time => row.AppendValue(time.UtcDateTime),
            DateOnly day => row.AppendValue(day),
            TimeSpan span => row.AppendValue(span),
            _ => row.AppendValue(Convert.ToString(value, CultureInfo.InvariantCulture)),
        };
    }
}
