using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Queries of one side over a connection of its own, for one thread at a time.</summary>
internal sealed class RelationQuery(DuckInput input, CancellationToken cancellationToken) : IDisposable
{
    private readonly DuckDBConnection _connection = input.Duplicate();

    /// <summary>What stands behind FROM.</summary>
    public string Relation => input.Relation;

    /// <summary>Hands each chunk of the result on.</summary>
    public void Stream(string sql, DuckVectorStream.ChunkAction onChunk) => Read(() =>
    {
        DuckVectorStream.Read(_connection, sql, onChunk, cancellationToken);
        return true;
    });

    /// <summary>All rows, NULL as null.</summary>
    public List<object?[]> Rows(string sql) => Read(() =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }
        return rows;
    });

    /// <summary>The first column of the first row as a whole number.</summary>
    public long Count(string sql) => Convert.ToInt64(Rows(sql)[0][0], System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _connection.Dispose();

    private T Read<T>(Func<T> read)
    {
        try
        {
            return DuckInput.Translate(input.Name, read);
        }
        catch (DataException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
