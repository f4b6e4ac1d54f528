using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift;

/// <summary>Rows of each category of one column of one side.</summary>
internal sealed record CategoryColumn(IReadOnlyDictionary<string, long> Counts, long Nulls)
{
    /// <summary>Rows that have a category.</summary>
    public long Count { get; } = Counts.Values.Sum();
    public long Rows => Count + Nulls;

    public static CategoryColumn Read(DuckDBConnection connection, string relation, string column, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        long nulls = 0;
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {DuckSession.Identifier(column)}::VARCHAR, count(*) FROM {relation} GROUP BY 1";
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.IsDBNull(0))
                nulls += reader.GetInt64(1);
            else
                counts.Add(reader.GetString(0), reader.GetInt64(1));
        }
        return new(counts, nulls);
    }
}
