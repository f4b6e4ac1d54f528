using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Opens a DuckDB database file for reading.</summary>
internal static class DuckDatabase
{
    public static DuckInput Open(string path, string tableOrQuery, string name, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new DataException($"There is no DuckDB file '{path}'. Correct the path.") { Origin = path };
        var database = new DuckDBConnection(new DuckDBConnectionStringBuilder { DataSource = Path.GetFullPath(path), ["access_mode"] = "READ_ONLY" }.ConnectionString);
        try
        {
            DuckInput.Translate(path, () =>
            {
                database.Open();
                return Execute(database, "SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'; SET threads = 1");
            });
            var tables = DuckInput.Translate(path, () => Tables(database));
            return tables.Find(table => table.IsNamed(tableOrQuery)) is { } found
                ? DuckInput.Open(database, database, found.Relation, name, cancellationToken)
                : QueryText.IsQuery(tableOrQuery)
                ? DuckInput.OpenQuery(database, database, tableOrQuery, name, cancellationToken)
                : throw QueryText.NoTable(path, tableOrQuery, tables.Select(table => table.Text));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private sealed record Table(string Schema, string Name)
    {
        public string Relation => $"{DuckSession.Identifier(Schema)}.{DuckSession.Identifier(Name)}";
        public string Text => Schema == "main" ? Name : $"{Schema}.{Name}";

        public bool IsNamed(string text) => text.Equals(Text, StringComparison.OrdinalIgnoreCase) || text.Equals($"{Schema}.{Name}", StringComparison.OrdinalIgnoreCase);
    }

    private static List<Table> Tables(DuckDBConnection database)
    {
        using var command = database.CreateCommand();
        command.CommandText = """
            SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal
            UNION ALL
            SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal
            """;
        using var reader = command.ExecuteReader();
        var tables = new List<Table>();
        while (reader.Read())
            tables.Add(new(reader.GetString(0), reader.GetString(1)));
        return tables;
    }

    private static int Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
