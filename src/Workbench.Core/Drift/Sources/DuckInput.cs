using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A side that DuckDB reads: files, rows in memory, or a query of an open connection.</summary>
internal sealed class DuckInput : DriftInput
{
    private readonly DuckDBConnection _database;
    private readonly IDisposable? _owned;
    private DuckInput? _origin;

    private DuckInput(DuckDBConnection database, IDisposable? owned, string relation, CancellationToken cancellationToken, IReadOnlyList<TableColumn>? columns = null)
    {
        Relation = relation;
        _database = database;
        _owned = owned;
        Columns = columns ?? Describe(relation, cancellationToken);
        Rows = Read("SELECT count(*) FROM " + relation, reader => reader.GetInt64(0), cancellationToken)[0];
    }

    /// <summary>What stands behind FROM.</summary>
    public string Relation { get; }
    public override IReadOnlyList<TableColumn> Columns { get; }
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
    /// <param name="database">The database.</param>
    /// <param name="owned">What closes it.</param>
    /// <param name="relation">What stands behind FROM.</param>
    /// <param name="name">What the report calls it.</param>
    /// <param name="cancellationToken">Stops the counting of rows.</param>
    /// <param name="columns">Its columns with the types that the rows had where they came from; null: as DuckDB describes them.</param>
    public static DuckInput Open(
        DuckDBConnection database, IDisposable owned, string relation, string name, CancellationToken cancellationToken, IReadOnlyList<TableColumn>? columns = null) =>
        Translate(name, cancellationToken, () => new DuckInput(database, owned, relation, cancellationToken, columns) { Name = name });

    /// <summary>The same rows with numbers read as booleans, 0 as false; disposing it leaves this input open.</summary>
    /// <param name="columns">Columns that hold nothing but 0, 1 and NULL.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public DuckInput WithFlags(IReadOnlyCollection<string> columns, CancellationToken cancellationToken)
    {
        string flags = string.Join(", ", columns.Select(DuckSession.Identifier).Select(column => $"({column} = 1) AS {column}"));
        var types = Columns.Select(column => columns.Contains(column.Name) ? column with { Type = "BOOLEAN" } : column).ToList();
        return Translate(Name, cancellationToken, () => new DuckInput(_database, null, $"(SELECT * REPLACE ({flags}) FROM {Relation})", cancellationToken, types) { Name = Name, _origin = this });
    }

    /// <summary>True when a numeric column holds nothing but 0, 1 and NULL, and not only NULL.</summary>
    public bool HoldsFlags(string column, CancellationToken cancellationToken) => Translate(Name, cancellationToken, () => Read(
        $"SELECT coalesce(bool_and({DuckSession.Identifier(column)} IN (0, 1)), false) FROM {Relation}", reader => reader.GetBoolean(0), cancellationToken)[0]);

    public override ColumnReader Connect() => new DuckReader(this, Duplicate());

    public override void LimitMemory(long bytes)
    {
        _origin?.LimitMemory(bytes);
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

    private IReadOnlyList<TableColumn> Describe(string relation, CancellationToken cancellationToken, string select = "SELECT * FROM ") =>
        Read($"DESCRIBE {select}{relation}", reader => new TableColumn(reader.GetString(0), reader.GetString(1)), cancellationToken);

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
