using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Monitoring;

/// <summary>Writes event files through a private DuckDB.</summary>
internal static class EventParquet
{
    /// <summary>Writes a Parquet file that readers see as a whole or not at all.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<ParquetColumn> columns, int rows)
    {
        using var session = DuckSession.Open();
        session.Execute($"create table event ({string.Join(", ", columns.Select(column => $"{DuckSession.Identifier(column.Name)} {column.Type}"))})");
        using (var appender = session.Connection.CreateAppender("event"))
            for (var row = 0; row < rows; row++)
                AppendRow(appender, columns, row);
        AtomicFile.Replace(path, temporary => session.Execute($"copy event to {DuckSession.Literal(temporary)} (format parquet, compression zstd)"));
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
}
