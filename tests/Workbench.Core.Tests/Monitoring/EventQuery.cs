using DuckDB.NET.Data;

namespace Workbench.Core.Tests.Monitoring;

/// <summary>Reads event files with plain DuckDB SQL, beside the code under test.</summary>
internal static class EventQuery
{
    public static List<T> Column<T>(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<T>();
        while (reader.Read())
            values.Add(reader.IsDBNull(0) ? default! : reader.GetFieldValue<T>(0));
        return values;
    }

    public static string Read(string glob) => $"read_parquet('{glob}', union_by_name = true, hive_partitioning = false)";
}
