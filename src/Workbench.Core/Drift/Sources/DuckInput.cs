using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A side that DuckDB reads: files, rows in memory, or a query of an open connection.</summary>
internal sealed class DuckInput : DriftInput
{
    private readonly DuckDBConnection _database;
    private readonly IDisposable? _owned;

    private DuckInput(DuckDBConnection database, IDisposable? owned, string relation, CancellationToken cancellationToken)
    {
        Relation = relation;
        _database = database;
        _owned = owned;
        Columns = Describe(relation, cancellationToken);
        Rows = Read("SELECT count(*) FROM " + relation, reader => reader.GetInt64(0), cancellationToken)[0];
    }

    /// <summary>What stands behind FROM.</summary>
    public string Relation { get; }
    public override IReadOnlyList<(string Name, string Type)> Columns { get; }
    public override long Rows { get; }

    /// <summary>A query of a database that stays the caller's.</summary>
    public static DuckInput OpenQuery(DuckDBConnection connection, string sql, string name, CancellationToken cancellationToken) =>
        OpenQuery(connection, null, sql, name, cancellationToken);

    /// <summary>A query of a database that is closed by disposing <paramref name="owned"/> together with the input.</summary>
    public static DuckInput OpenQuery(DuckDBConnection connection, IDisposable? owned, string sql, string name, CancellationToken cancellationToken)
    {
        // A comment at the end must not take the parenthesis with it.
        string query = $"({sql.Trim().TrimEnd(';')}\n)";
        return Translate(name, cancellationToken, () =>
        {
            var input = new DuckInput(connection, owned, query, cancellationToken) { Name = name };
            // Inside FROM the second of two columns called a is called a_1.
            ColumnMatch.RequireDistinct(name, input.Describe(query, cancellationToken, "").Select(column => column.Name));
            return input;
        });
    }

    /// <summary>A table or table function of a database that is closed by disposing <paramref name="owned"/> together with the input.</summary>
    public static DuckInput Open(DuckDBConnection database, IDisposable owned, string relation, string name, CancellationToken cancellationToken) =>
        Translate(name, cancellationToken, () => new DuckInput(database, owned, relation, cancellationToken) { Name = name });

    public override ColumnReader Connect() => new DuckReader(this, Duplicate());

    public override void LimitMemory(long bytes)
    {
        if (_owned is null)
            return;
        using var command = _database.CreateCommand();
        command.CommandText = $"SET memory_limit = '{bytes >> 20}MiB'";
        command.ExecuteNonQuery();
    }

    /// <summary>A further connection to the same database; the caller disposes it.</summary>
    public DuckDBConnection Duplicate()
    {
        var connection = _database.DataSource is ":memory:" ? _database.Duplicate() : new DuckDBConnection(_database.ConnectionString);
        if (connection.State != System.Data.ConnectionState.Open)
            connection.Open();
        return connection;
    }

    /// <summary>Runs a reading of a side; DuckDB's own failures come out as <see cref="DataException"/> with the side's name.</summary>
    public static T Translate<T>(string name, Func<T> read, string? column = null)
    {
        try
        {
            return read();
        }
        catch (DuckDBException failure)
        {
            throw SourceFailure.Explain(name, failure, column);
        }
        catch (DataException failure) when (failure.Origin is null && failure.Message.StartsWith("DuckDB", StringComparison.Ordinal)) // a vector stream's, which knows no source
        {
            throw SourceFailure.Explain(name, failure, column);
        }
    }

    /// <summary>The same for a reading that can be cancelled.</summary>
    public static T Translate<T>(string name, CancellationToken cancellationToken, Func<T> read, string? column = null)
    {
        try
        {
            return Translate(name, read, column);
        }
        catch (DataException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public override void Dispose() => _owned?.Dispose();

    private IReadOnlyList<(string Name, string Type)> Describe(string relation, CancellationToken cancellationToken, string select = "SELECT * FROM ") =>
        Read($"DESCRIBE {select}{relation}", reader => (reader.GetString(0), reader.GetString(1)), cancellationToken);

    private List<T> Read<T>(string sql, Func<DuckDBDataReader, T> row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A session's own connection may have a reader open, which a second command would break.
        using var connection = Duplicate();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}
