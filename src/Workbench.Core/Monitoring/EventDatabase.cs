using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Monitoring;

/// <summary>Private in-memory DuckDB that writes and reads event files.</summary>
internal static class EventDatabase
{
    public static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        // A miss of an extension fails at once instead of looking for it on the network.
        Execute(connection, "set threads = 1; set autoinstall_known_extensions = false");
        return connection;
    }

    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    public static string Text(string value) => $"'{value.Replace("'", "''")}'";

    /// <summary>Writes a Parquet file beside its final name and renames it, so that readers see all of it or nothing.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void WriteParquet(string path, IReadOnlyList<ParquetColumn> columns, int rows)
    {
        try
        {
            CopyAndRename(path, columns, rows);
        }
        catch (Exception failure) when (failure is DuckDBException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot write '{path}': {failure.Message} Free some space or make its folder writable.", failure) { Origin = path };
        }
    }

    private static void CopyAndRename(string path, IReadOnlyList<ParquetColumn> columns, int rows)
    {
        using var connection = Open();
        Execute(connection, $"create table event ({string.Join(", ", columns.Select(column => $"{Identifier(column.Name)} {column.Type}"))})");
        using (var appender = connection.CreateAppender("event"))
            for (var row = 0; row < rows; row++)
                AppendRow(appender, columns, row);
        var temporary = path + ".tmp";
        Execute(connection, $"copy event to {Text(temporary)} (format parquet, compression zstd)");
        File.Move(temporary, path, overwrite: true);
    }

    private static void AppendRow(DuckDBAppender appender, IReadOnlyList<ParquetColumn> columns, int row)
    {
        var cells = appender.CreateRow();
        foreach (var column in columns)
            _ = column.Value(row) switch
            {
                null => cells.AppendNullValue(),
                string text => cells.AppendValue(text),
                double number => cells.AppendValue(number),
                int number => cells.AppendValue(number),
                DateTime time => cells.AppendValue(time),
                var other => throw new ArgumentException($"Column '{column.Name}' holds a {other.GetType().Name}, which no event column takes."),
            };
        cells.EndRow();
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
