using DuckDB.NET.Data;
using Npgsql;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Copies columns of a PostgreSQL side into a temporary DuckDB file, in one scan by the server and in its order.</summary>
internal static class PostgresTransfer
{
    private const string View = "source";
    // An appender keeps its rows in memory until it is closed.
    private const long BytesAnAppender = 16L << 20;
    private const int RowsBetweenChecks = 1024;

    /// <param name="connection">Open, in a transaction, and not in use.</param>
    /// <param name="relation">What stands behind FROM there.</param>
    /// <param name="columns">Name and type of the columns to copy; at least one.</param>
    /// <param name="name">What the report calls the side.</param>
    /// <param name="memoryBytes">Memory that DuckDB may take.</param>
    /// <param name="cancellationToken">Stops the server's scan and the writing.</param>
    /// <returns>The copy, which calls types as the source did; its files are gone when it is disposed.</returns>
    public static DuckInput Run(
        NpgsqlConnection connection, string relation, IReadOnlyList<TableColumn> columns, string name, long memoryBytes, CancellationToken cancellationToken)
    {
        var scratch = new DuckScratch();
        try
        {
            var fields = columns.Select(column => PostgresField.Of(column.Name, column.Type)).ToList();
            DuckInput.Translate(name, cancellationToken, () =>
            {
                Create(scratch, fields, memoryBytes);
                string query = $"SELECT {string.Join(", ", fields.Select(field => field.Sent))} FROM {relation}";
                PostgresCopy.Read(connection, query, rows => Fill(scratch.Session.Connection, fields, rows, cancellationToken), cancellationToken);
                return true;
            });
            return DuckInput.Open(scratch.Session.Connection, scratch, View, name, cancellationToken, columns);
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    private static void Create(DuckScratch scratch, IReadOnlyList<PostgresField> fields, long memoryBytes)
    {
        string table = string.Join(", ", fields.Select(field => $"{DuckSession.Identifier(field.Name)} {field.Kept}"));
        string view = string.Join(", ", fields.Select(field => $"{field.Read} AS {DuckSession.Identifier(field.Name)}"));
        scratch.Session.Execute($"""
            SET threads = 1;
            SET memory_limit = '{memoryBytes >> 20}MiB';
            ATTACH {DuckSession.Literal(scratch.File("rows.duckdb"))} AS copy;
            CREATE TABLE copy.main.rows ({table});
            CREATE VIEW {View} AS SELECT {view} FROM copy.main.rows
            """);
    }

    private static void Fill(DuckDBConnection target, IReadOnlyList<PostgresField> fields, PostgresBinary rows, CancellationToken cancellationToken)
    {
        bool isMore = rows.NextRow();
        while (isMore)
        {
            using var appender = target.CreateAppender("copy", "main", "rows");
            long bytes = 0;
            for (int i = 0; isMore && bytes < BytesAnAppender; i++, isMore = rows.NextRow())
            {
                if (i % RowsBetweenChecks == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                bytes += Append(appender.CreateRow(), fields, rows);
            }
            appender.Close();
        }
    }

    // Bytes of the row.
    private static long Append(IDuckDBAppenderRow row, IReadOnlyList<PostgresField> fields, PostgresBinary rows)
    {
        long total = 0;
        foreach (var field in fields)
        {
            int bytes = rows.ReadInt32();
            total += sizeof(int) + Math.Max(0, bytes);
            if (bytes == PostgresBinary.Null)
                row.AppendNullValue();
            else
                field.Append(rows, bytes, row);
        }
        row.EndRow();
        return total;
    }
}
