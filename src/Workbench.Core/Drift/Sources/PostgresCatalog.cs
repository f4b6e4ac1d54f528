using System.Data;
using Npgsql;
using NpgsqlTypes;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Finds tables, and the types of columns.</summary>
internal static class PostgresCatalog
{
    private sealed record Table(string Schema, string Name, bool IsVisible)
    {
        public string Relation => $"{DuckSession.Identifier(Schema)}.{DuckSession.Identifier(Name)}";
        public string Text => IsVisible ? Name : $"{Schema}.{Name}";

        public bool IsNamed(string text, StringComparison comparison) => text.Equals(Text, comparison) || text.Equals($"{Schema}.{Name}", comparison);
    }

    /// <summary>What stands behind FROM for a table's name or a query.</summary>
    /// <exception cref="DataException">There is no such table.</exception>
    public static string Relation(NpgsqlConnection connection, string database, string tableOrQuery)
    {
        var tables = Tables(connection);
        if ((tables.Find(table => table.IsNamed(tableOrQuery, StringComparison.Ordinal)) ?? tables.Find(table => table.IsNamed(tableOrQuery, StringComparison.OrdinalIgnoreCase))) is { } found)
            return found.Relation;
        return QueryText.IsQuery(tableOrQuery)
            ? $"({tableOrQuery.TrimEnd().TrimEnd(';')}\n) AS source"
            : throw QueryText.NoTable(database, tableOrQuery, tables.Select(table => table.Text));
    }

    public static IReadOnlyList<TableColumn> Columns(NpgsqlConnection connection, string relation, string source)
    {
        var columns = new List<(string Name, uint Type, int? Precision, int? Scale)>();
        using (var command = new NpgsqlCommand($"SELECT * FROM {relation}", connection))
        using (var reader = command.ExecuteReader(CommandBehavior.SchemaOnly))
            for (int i = 0; i < reader.FieldCount; i++)
            {
                var (precision, scale) = Digits(reader.GetDataTypeName(i));
                columns.Add((reader.GetName(i), reader.GetDataTypeOID(i), precision, scale));
            }
        ColumnMatch.RequireDistinct(source, columns.Select(column => column.Name));
        var types = Types(connection, columns.Select(column => column.Type));
        return columns.Select(column =>
        {
            var (name, kind, element) = types[column.Type];
            return new TableColumn(column.Name, PostgresTypes.DuckName(name, kind, element, column.Precision, column.Scale));
        }).ToList();
    }

    private static List<Table> Tables(NpgsqlConnection connection)
    {
        const string sql = """
            SELECT n.nspname, c.relname, pg_table_is_visible(c.oid)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
            ORDER BY pg_table_is_visible(c.oid) DESC, 1, 2
            """;
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var tables = new List<Table>();
        while (reader.Read())
            tables.Add(new(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return tables;
    }

    // Domains by the type below them.
    private static Dictionary<uint, (string Name, char Kind, string? Element)> Types(NpgsqlConnection connection, IEnumerable<uint> types)
    {
        const string sql = """
            WITH RECURSIVE base(column_type, type, depth) AS (
              SELECT oid, oid, 0 FROM pg_type WHERE oid = ANY($1)
              UNION ALL
              SELECT base.column_type, t.typbasetype, depth + 1 FROM base JOIN pg_type t ON t.oid = base.type WHERE t.typtype = 'd')
            SELECT DISTINCT ON (base.column_type) base.column_type, t.typname, t.typtype::text, e.typname
            FROM base JOIN pg_type t ON t.oid = base.type LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
            ORDER BY base.column_type, depth DESC
            """;
        using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = types.Distinct().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid });
        using var reader = command.ExecuteReader();
        var found = new Dictionary<uint, (string, char, string?)>();
        while (reader.Read())
            found[reader.GetFieldValue<uint>(0)] = (reader.GetString(1), reader.GetString(2)[0], reader.IsDBNull(3) ? null : reader.GetString(3));
        return found;
    }

    // Of numeric(10,2).
    private static (int? Precision, int? Scale) Digits(string type)
    {
        int open = type.IndexOf('(');
        if (!type.StartsWith("numeric", StringComparison.Ordinal) || open < 0)
            return (null, null);
        string[] digits = type[(open + 1)..].TrimEnd(')').Split(',');
        return int.TryParse(digits[0], out int precision) ? (precision, digits.Length > 1 && int.TryParse(digits[1], out int scale) ? scale : 0) : (null, null);
    }
}
